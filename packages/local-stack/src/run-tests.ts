import { messageOf } from '@lingquan/errors';
import { checkout } from './layout.ts';
import { processesMarked } from './processes/identity.ts';
import { createSay } from './terminal.ts';
import type { Say } from './terminal.ts';
import { failuresOf, readReports, removeReports, summaryLine, totalsOf } from './test-summary.ts';
import { openTestServers, temporaryLayout } from './test-servers.ts';
import { runTurbo } from './turbo.ts';

/** What `npm test -- …` was asked for: packages by name or folder (none: all), and which kinds of tests. */
export type TestRequest = { unit: boolean; integration: boolean; install: boolean; filters: readonly string[] };

/** In the environment of everything a test run starts, so that it can be found and ended whatever happened in between. */
const markVariable = 'LINGQUAN_TEST_RUN';

/** `--unit` and `--integration` each leave the other out; other words name packages. */
export function parseTestArguments(args: readonly string[]): TestRequest {
  const unitOnly = args.includes('--unit');
  const integrationOnly = args.includes('--integration');
  const names = args.filter((arg) => !arg.startsWith('--'));
  return {
    unit: unitOnly || !integrationOnly,
    integration: integrationOnly || !unitOnly,
    install: !args.includes('--no-install'),
    filters: names.map((name) => `--filter=${name.includes('/') ? name : `@lingquan/${name}`}`),
  };
}

/**
 * Runs the tests against real servers and gives the exit code. Ends with the line `N passed, N failed`; whatever it started is
 * gone by then, also when `signal` ended it early.
 */
export async function runTests(request: TestRequest, signal: AbortSignal): Promise<number> {
  const say = createSay(undefined, false);
  removeReports(checkout);
  let broken: string | undefined;
  try {
    broken = await runAll(request, say, signal);
  } catch (error) {
    broken = messageOf(error);
  }
  if (signal.aborted) broken = '已中断 interrupted';
  const reports = readReports(checkout);
  const totals = totalsOf(reports);
  for (const failure of failuresOf(reports)) say(`\n✗ ${failure}`);
  if (broken !== undefined && totals.failed === 0) {
    say(`\n✗ ${broken}`);
    totals.failed = 1; // something failed that no test reported
  }
  if (totals.passed + totals.failed === 0) say('✗ 没有测试运行 no test ran');
  say(`\n${summaryLine(totals)}`);
  return broken === undefined && totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

/** Gives what went wrong beyond single tests, if anything. */
async function runAll(request: TestRequest, say: Say, signal: AbortSignal): Promise<string | undefined> {
  await using opened = new AsyncDisposableStack();
  const layout = temporaryLayout(opened);
  opened.defer(() => endMarked(layout.dir));
  // Temporary files go where they are removed with the run.
  const env = { ...process.env, TMPDIR: layout.dir, [markVariable]: layout.dir };
  const failed: string[] = [];
  const run = async (task: string, addresses: Record<string, string> = {}) => {
    const args = [
      task,
      '--continue',
      '--concurrency=2', // integration tests mostly wait, but their systems need a core when they do not
      '--env-mode=loose',
      '--log-order=grouped',
      ...request.filters,
    ];
    if (!signal.aborted && (await runTurbo(args, { ...env, ...addresses }, signal)) !== 0) failed.push(task);
  };
  if (request.unit) await run('test');
  if (request.integration)
    await run('test:it', await openTestServers({ opened, layout, say, install: request.install, signal }));
  return failed.length === 0 ? undefined : `turbo run ${failed.join(', ')} failed; see above`;
}

/** Ends what a test left behind (a killed Jest cannot clean up after itself). */
function endMarked(folder: string): void {
  for (const pid of processesMarked(markVariable, folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
}
