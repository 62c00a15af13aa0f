import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { AppError } from '@lingquan/errors';

/**
 * A file of what somebody was answered, one JSON line each, for `audit --answers`: what a follower was told must be there afterwards.
 * Holds openids and codes in clear; meant for load and tests. Rejects with `invalid` when it cannot be written.
 */
export async function openAnswersFile(path: string) {
  const stream = createWriteStream(path);
  const opened = once(stream, 'open');
  await opened.catch((cause: unknown) => {
    throw new AppError('invalid', `--out: 无法写入 cannot write ${path}`, { cause });
  });
  return {
    add: (answered: { openid: string }) => void stream.write(`${JSON.stringify(answered)}\n`),
    close: async () => {
      stream.end();
      await finished(stream);
    },
  };
}
