import { lingquan } from './lingquan.ts';
import type { System } from './system.ts';

type Audit = { clean: boolean; checks: { id: string; found: number; evidence: string[] }[] };

const LOOKS_MAX = 3;

/**
 * Has the system audited; throws with what was found, in the tool's own words. `answers`: a file of what followers were told. A system
 * that was still at work (a push that ingress gave up on may be published a moment later) is audited again, and must come to rest.
 */
export async function requireCleanAudit({ env }: Pick<System, 'env'>, answers?: string): Promise<void> {
  const told = answers === undefined ? [] : ['--answers', answers];
  for (let look = 1; ; look++) {
    const { exitCode, stdout, stderr } = await lingquan(env, 'audit', '--wait', '60s', '--json', ...told);
    const audit = stdout === '' ? undefined : (JSON.parse(stdout) as Audit);
    if (exitCode === 0 && audit?.clean === true) return;
    const found = audit?.checks.filter((check) => check.found > 0) ?? [];
    const onlyAtWork = found.length > 0 && found.every(({ id }) => id === 'rest');
    if (!onlyAtWork || look === LOOKS_MAX)
      throw new Error(`the audit exited with ${exitCode}: ${JSON.stringify(found, undefined, 1)}\n${stderr}`);
  }
}
