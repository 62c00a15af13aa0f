import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** A log is moved to `NAME.log.1` (one old one is kept) when it is longer than this. */
export const logBytesMax = 20 * 1024 * 1024;

/**
 * Copies a long log aside and empties it. The process keeps writing to the same open file: it is opened for appending, so
 * what comes next stands at the new beginning. Lines written between the two steps may be lost.
 */
export function rotate(file: string, bytesMax = logBytesMax): boolean {
  if (!existsSync(file) || statSync(file).size <= bytesMax) return false;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
  return true;
}

/** The last `lines` lines of a log, for an error that should not send its reader elsewhere. */
export function tail(file: string, lines = 15): string {
  if (!existsSync(file)) return '';
  const size = statSync(file).size;
  const buffer = Buffer.alloc(Math.min(size, 16 * 1024));
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  } finally {
    closeSync(descriptor);
  }
  const last = buffer.toString('utf8').trimEnd().split('\n').slice(-lines);
  return last.map(readable).join('\n');
}

/** A structured line as its message and the error's; any other as it is. */
function readable(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter(Boolean).join(': ') || line;
  } catch {
    return line;
  }
}
