/** A process that ran this long is healthy: its next failure counts as the first. */
const healthyMs = 30_000;
const firstPauseMs = 300;
const longestPauseMs = 15_000;

/** How many failures in a row there are, counting one of a process that had run for `uptimeMs`. */
export const failuresInARow = (before: number, uptimeMs: number): number => (uptimeMs >= healthyMs ? 1 : before + 1);

/** How long to wait before starting a process again after its n-th failure in a row: doubling from 0.3 s up to 15 s. */
export const pauseMs = (failures: number): number => Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);

/**
 * How long a process may take to be ready after its n-th failure in a row: three times as long in the end. On a machine with too much
 * to do, processes that are ended for being slow and started again are what it has too much of.
 */
export const patienceMs = (readyWithinMs: number, failures: number): number => readyWithinMs * Math.min(failures, 3);
