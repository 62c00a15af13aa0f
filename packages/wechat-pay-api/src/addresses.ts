/** The platform's entries: the same paths and signatures at each (reference 0.1). */
export type Addresses = {
  /** Where to call now. */
  current: () => string;
  /** Says that `origin` did not answer well: the next call goes to another, if there is one. */
  failed: (origin: string) => void;
};

/** When to go back is not laid down; a minute is long against a call and short against an outage. */
const BACK_AFTER_MS = 60_000;

/** The first entry is preferred; after it failed the second is used for a minute, or until it fails too. */
export function addresses(origins: readonly [string, ...string[]], now: () => number = Date.now): Addresses {
  let index = 0;
  let changedAtMs = 0;
  const current = () => {
    if (index !== 0 && now() - changedAtMs >= BACK_AFTER_MS) index = 0;
    return origins[index] ?? origins[0];
  };
  return {
    current,
    failed: (origin) => {
      if (origin !== current()) return;
      index = (index + 1) % origins.length;
      changedAtMs = now();
    },
  };
}

/**
 * Scheme, host and port of a setting. The paths are the platform's own and signed, so the setting must not bring one.
 * Throws TypeError when it is no address or has a path.
 */
export function originOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  if (pathname !== '/' || search !== '') throw new TypeError('The address of WeChat Pay must not have a path');
  return origin;
}
