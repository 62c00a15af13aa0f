import { Query } from 'pg';
import type { Connection, PoolClient } from 'pg';
import { wordOf } from './seen.ts';

/** Milliseconds from 1970 to 2000, which Postgres counts from. */
const EPOCH_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;
/** Signature, flags and extension of https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". */
const START = Buffer.concat([Buffer.from('PGCOPY\n\u00FF\r\n\0', 'latin1'), Buffer.alloc(8)]);

/** Writes rows in COPY's binary format; the fields of a row come in the order of its columns. */
export function rowWriter() {
  let bytes = Buffer.allocUnsafeSlow(1024 * 1024);
  let at = START.copy(bytes);

  const reserve = (size: number) => {
    if (at + size <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (at + size));
    bytes.copy(larger, 0, 0, at);
    bytes = larger;
  };
  /** Room for it was reserved. */
  const word = (value: number) => {
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    at += 4;
  };
  const long = (value: number) => {
    word(8);
    word(Math.floor(value / TWO_32));
    word(value);
  };
  const none = () => {
    reserve(4);
    word(-1);
  };

  return {
    row: (fields: number): void => {
      reserve(2);
      bytes[at++] = 0;
      bytes[at++] = fields;
    },
    uuid: (id: string): void => {
      reserve(20);
      word(16);
      word(wordOf(id, 0));
      word(wordOf(id, 9, 13));
      word(wordOf(id, 19, 23));
      word(wordOf(id, 28));
    },
    text: (value: string | undefined): void => {
      if (value === undefined) return none();
      reserve(4 + 3 * value.length);
      const into = bytes;
      const begin = at + 4;
      let size = 0;
      // Short and ASCII, as nearly all are: calling out costs more.
      for (; size < value.length; size++) {
        const sign = value.charCodeAt(size);
        if (sign > 0x7f) break;
        into[begin + size] = sign;
      }
      if (size < value.length) size = into.write(value, begin);
      word(size);
      at += size;
    },
    bytes: (value: Uint8Array | null): void => {
      if (value === null) return none();
      reserve(4 + value.length);
      word(value.length);
      bytes.set(value, at);
      at += value.length;
    },
    smallint: (value: number): void => {
      reserve(6);
      word(2);
      bytes[at++] = value >>> 8;
      bytes[at++] = value;
    },
    int: (value: number): void => {
      reserve(8);
      word(4);
      word(value);
    },
    /** Up to 2^53. */
    bigint: (value: number): void => {
      reserve(12);
      long(value);
    },
    /** A timestamptz. */
    instant: (ms: number | undefined): void => {
      if (ms === undefined) return none();
      reserve(12);
      long((ms - EPOCH_MS) * 1000);
    },
    /** The rows; the writer begins anew. */
    take: (): Buffer => {
      reserve(2);
      bytes[at++] = 0xff;
      bytes[at++] = 0xff;
      const taken = bytes.subarray(0, at);
      bytes = Buffer.allocUnsafeSlow(bytes.length);
      at = START.copy(bytes);
      return taken;
    },
  };
}

/** The parts of pg's connection that it does not declare. */
type Sending = Connection & { sendCopyFromChunk: (chunk: Buffer) => void; endCopyFrom: () => void };

/** `copy … from stdin` that sends its rows along at once: Postgres reads them once it has come to them, and passes over them after an error. */
class CopyIn extends Query {
  readonly #text: string;
  readonly #rows: Buffer;

  constructor(text: string, rows: Buffer) {
    super(text);
    this.#text = text;
    this.#rows = rows;
  }

  override submit = (connection: Connection): void => {
    connection.query(this.#text);
    (connection as Sending).sendCopyFromChunk(this.#rows);
    (connection as Sending).endCopyFrom();
  };

  handleCopyInResponse(): void {} // they are on their way
}

/** Writes rows of `rowWriter` into a table's columns, in the client's transaction. */
export const copyInto = (client: PoolClient, table: string, columns: readonly string[], rows: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const copy = new CopyIn(`copy ${table} (${columns.join(', ')}) from stdin (format binary)`, rows);
    (client.query as (query: Query, callback: (error: Error | null) => void) => void).call(client, copy, (error) =>
      error === null ? resolve() : reject(error),
    );
  });
