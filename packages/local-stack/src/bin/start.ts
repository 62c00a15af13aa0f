import { messageOf } from '@lingquan/errors';
import { startDetached } from '../detach.ts';
import { alreadyRunningCode, runSystem } from '../run-system.ts';
import { shutdownRequested } from '../shutdown.ts';
import { parseStartArguments, startUsage } from '../start-options.ts';

const signal = shutdownRequested();

async function main(args: string[]): Promise<number> {
  const options = parseStartArguments(args);
  if (options.help) {
    process.stdout.write(`${startUsage}\n`);
    return 0;
  }
  if (!options.detach) return runSystem(options, { signal, detached: false, onReady: () => {} });
  const code = await startDetached(args, signal);
  return code === alreadyRunningCode ? 0 : code; // it runs, which is what was asked for
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`✗ ${messageOf(error)}\n`);
  process.exit(1);
}
