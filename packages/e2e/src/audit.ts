import { lingquan } from './lingquan.ts';
import type { System } from './system.ts';

type Audit = { clean: boolean; checks: { id: string; found: number; evidence: string[] }[] };

/**
 * Has the system audited, which waits until it has come to rest; throws with what was found, in the tool's own words. `answers`: a file
 * of what followers were told.
 */
export async function requireCleanAudit({ env }: Pick<System, 'env'>, answers?: string): Promise<void> {
  const told = answers === undefined ? [] : ['--answers', answers];
  const { exitCode, stdout, stderr } = await lingquan(env, 'audit', '--wait', '90s', '--json', ...told);
  const audit = stdout === '' ? undefined : (JSON.parse(stdout) as Audit);
  if (exitCode === 0 && audit?.clean === true) return;
  const found = audit?.checks.filter((check) => check.found > 0) ?? [];
  throw new Error(`the audit exited with ${exitCode}: ${JSON.stringify(found, undefined, 1)}\n${stderr}`);
}
