/**
 * Fires when this process is asked to end: Ctrl-C, a signal, or the end of the command that started it (whose message channel
 * closes even when it is killed). Later requests change nothing: stopping is under way and is waited for.
 */
export function shutdownRequested(): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, abort);
  process.on('disconnect', abort);
  return controller.signal;
}
