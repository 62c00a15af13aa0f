import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, messageOf } from '@lingquan/errors';

/** Reads the files of a folder and gathers what is wrong with them, to say it all at once. Contents are never repeated. */
export class Complaints {
  readonly #folder: string;
  readonly #lines: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  has(name: string): boolean {
    return existsSync(join(this.#folder, name));
  }

  /** What `parse` makes of a file's text, line ends behind it left away; undefined, and a complaint, when that fails. */
  read<T>(name: string, parse: (text: string) => T): T | undefined {
    let text: string;
    try {
      text = readFileSync(join(this.#folder, name), 'utf8').replace(/[\r\n]+$/, '');
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      this.add(name, isMissing ? 'is missing' : 'cannot be read');
      return undefined;
    }
    try {
      return parse(text);
    } catch (error) {
      // OpenSSL's messages speak of formats, never of contents, but say little to people.
      this.add(name, 'code' in (error as Error) ? 'is not in PEM format, or damaged' : messageOf(error));
      return undefined;
    }
  }

  readOptional<T>(name: string, parse: (text: string) => T): T | undefined {
    return this.has(name) ? this.read(name, parse) : undefined;
  }

  add(name: string, what: string): void {
    this.#lines.push(`  ${name}: ${what}`);
  }

  /** @throws AppError `invalid` with a line for each complaint */
  throwIfAny(): void {
    if (this.#lines.length === 0) return;
    const what = `These files of WECHAT_PAY_DIR (${this.#folder}) or settings are missing or wrong:`;
    throw new AppError('invalid', `${what}\n${this.#lines.join('\n')}`);
  }
}
