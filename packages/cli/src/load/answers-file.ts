import { openLinesFile } from '../lines-file.ts';

/**
 * A file of what somebody was answered, one JSON line each, for `audit --answers`: what a follower was told must be there afterwards.
 * Holds openids and codes in clear; meant for load and tests. Rejects with `invalid` when it cannot be written.
 */
export async function openAnswersFile(path: string) {
  const file = await openLinesFile(path, '--out');
  return { add: (answered: { openid: string }) => file.add(JSON.stringify(answered)), close: file.close };
}
