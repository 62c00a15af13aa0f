/**
 * Fires when this process is asked to end: Ctrl-C, a signal, or the end of the process that started it (whose message channel
 * closes even when it is killed), as long as `parentMatters`. Later requests change nothing: stopping is under way.
 */
export function shutdownRequested(parentMatters: () => boolean = () => true): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, abort);
  process.on('disconnect', () => {
    if (parentMatters()) abort();
  });
  return controller.signal;
}
