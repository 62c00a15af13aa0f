import { run } from './run.ts';

/** 128 + SIGINT, as shells have it. */
const interruptedCode = 130;

/** The first Ctrl-C asks the command to end, the second one ends it. */
function interruption(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => (asked.signal.aborted ? process.exit(interruptedCode) : asked.abort()));
  return asked.signal;
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interruption,
});
