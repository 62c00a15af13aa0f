import type { OnRead } from './reading.ts';

const TELL_EVERY_MS = 1000;

/** Tells once a second what is read, how much of it is done, at what rate, and how long the rest will take. */
export function progress(tell: (line: string) => void): OnRead {
  const startedAt = performance.now();
  let toldAt = startedAt;
  return (topic, done, of) => {
    const now = performance.now();
    if (now - toldAt < TELL_EVERY_MS) return;
    toldAt = now;
    const rate = (done * 1000) / (now - startedAt);
    const share = of === 0 ? 100 : Math.floor((100 * done) / of);
    tell(
      `读 reading ${topic}: ${share}% ${done}/${of}，${Math.round(rate)}/s，还要 left ${Math.ceil((of - done) / rate)} s\n`,
    );
  };
}
