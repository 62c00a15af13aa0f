import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { AppError } from '@lingquan/errors';

/** A file that is written line by line. */
export type LinesFile = {
  /** The line is in the file once `close` resolves. */
  add: (line: string) => void;
  /** Ends the file; rejects when not all of it could be written. */
  close: () => Promise<void>;
};

/**
 * Opens a file for the results of a command, empty, readable by its owner alone: openids and codes are in it. Opened before the work
 * begins, so that a wrong path costs nothing: rejects with `invalid`, naming the `option`, when it cannot be written.
 */
export async function openLinesFile(path: string, option: string): Promise<LinesFile> {
  const file = await open(path, 'w', 0o600).catch((cause: unknown) => {
    throw new AppError('invalid', `${option}: 无法写入 cannot write ${path}`, { cause });
  });
  const stream = file.createWriteStream();
  const written = finished(stream);
  written.catch(() => undefined); // whoever closes sees it
  return {
    add: (line) => void stream.write(`${line}\n`),
    close: async () => {
      stream.end();
      await written;
    },
  };
}
