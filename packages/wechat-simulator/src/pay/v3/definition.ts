import type { Desk } from '../desk.ts';
import type { Pay } from '../state/pay.ts';

/** One call of a v3 interface, admitted. */
export interface V3Call {
  readonly pay: Pay;
  readonly desk: Desk;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** The key that answers are wanted from; '' when nothing was said. */
  readonly wantedSerial: string;
  /** `http://host:port` as the caller wrote it. */
  readonly origin: string;
  readonly now: number;
}

/** JSON; nothing (204); or a file, which is not signed (reference B.12). */
export type V3Answer =
  | { readonly kind: 'json'; readonly body: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly contentType: string };

export interface V3Api {
  readonly method: 'GET' | 'POST';
  /** Segments beginning with `:` are parameters. */
  readonly path: string;
  readonly handle: (call: V3Call) => V3Answer;
}

export const json = (body: object): V3Answer => ({ kind: 'json', body: JSON.stringify(body) });
