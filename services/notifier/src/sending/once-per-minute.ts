const MINUTE_MS = 60_000;

/** Says yes to each kind once a minute: an alarm that repeats with every message is not read. */
export function oncePerMinute(now: () => number = Date.now): (kind: string) => boolean {
  const saidAtMs = new Map<string, number>();
  return (kind) => {
    const nowMs = now();
    if (nowMs - (saidAtMs.get(kind) ?? -Infinity) < MINUTE_MS) return false;
    saidAtMs.set(kind, nowMs);
    return true;
  };
}
