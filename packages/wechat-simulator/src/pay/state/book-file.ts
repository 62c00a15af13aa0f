import { createWriteStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { Order } from '../rules/order.ts';
import type { Refund } from '../rules/refund.ts';

/** What a book remembers over restarts: JSON lines, the last one of a number counts. */
export interface BookFile {
  /** As they were when the file was opened, in the order in which they first came. */
  readonly orders: readonly Order[];
  readonly refunds: readonly Refund[];
  order(order: Order): void;
  refund(refund: Refund): void;
  close(): Promise<void>;
}

type Line = { readonly order: Order } | { readonly refund: Refund };

/** Lines as written; one that a kill cut short is left out. */
function parse(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

const latest = <T>(values: readonly T[], number: (value: T) => string): T[] => [
  ...new Map(values.map((value) => [number(value), value])).values(),
];

/** Opens the file, or begins it, and takes out what is out of date. */
export async function openBookFile(path: string): Promise<BookFile> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = parse(text);
  const orders = latest(
    lines.flatMap((line) => ('order' in line ? [line.order] : [])),
    (order) => order.outTradeNo,
  );
  const refunds = latest(
    lines.flatMap((line) => ('refund' in line ? [line.refund] : [])),
    (one) => one.outRefundNo,
  );
  const kept: Line[] = [...orders.map((order) => ({ order })), ...refunds.map((refund) => ({ refund }))];
  await writeFile(`${path}.new`, kept.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
  await rename(`${path}.new`, path);
  const stream = createWriteStream(path, { flags: 'a' });
  await once(stream, 'open');
  const write = (line: Line) => void stream.write(`${JSON.stringify(line)}\n`);
  return {
    orders,
    refunds,
    order: (order) => write({ order }),
    refund: (refund) => write({ refund }),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
