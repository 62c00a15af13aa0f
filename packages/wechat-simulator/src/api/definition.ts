import type { AccountKind } from '../accounts.ts';
import type { AccountState, World } from '../state/world.ts';
import type { Pusher } from '../push/push.ts';

/** An answer that is not the usual JSON. */
export type Answer =
  | { readonly kind: 'json'; readonly body: object; readonly contentType?: string }
  | {
      readonly kind: 'bytes';
      readonly body: Buffer;
      readonly contentType: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'page'; readonly status: number; readonly html: string }
  | { readonly kind: 'redirect'; readonly url: string };

/** What every interface is handed. */
export interface OpenCall {
  readonly world: World;
  readonly pusher: Pusher;
  readonly query: URLSearchParams;
  /** The parsed JSON object of a POST; empty for GET and for uploads. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly rawBody: Buffer;
  readonly contentType: string;
  /** Milliseconds by the platform's clock. */
  readonly now: number;
  readonly clientIp: string;
  /** `http://host:port` as the caller wrote it, for addresses in answers. */
  readonly origin: string;
}

/** The same for interfaces with an access token: whose it is. */
export interface AccountCall extends OpenCall {
  readonly state: AccountState;
}

interface Common {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The body is a file upload, not JSON. */
  readonly upload?: true;
  /** The code for a body that is not a JSON object; 47001 where nothing else is said. */
  readonly brokenJson?: number;
}

/**
 * One interface of the platform. `token` interfaces need an access_token (of an account of `kind`, if given) and count against its
 * quota; `open` ones look after themselves. The result is the JSON to answer, or an Answer; a `Refusal` thrown is the errcode to answer.
 */
export type Api =
  | (Common & {
      readonly auth: 'token';
      readonly kind?: AccountKind;
      readonly handle: (call: AccountCall) => Answer | Promise<Answer>;
    })
  | (Common & { readonly auth: 'open'; readonly handle: (call: OpenCall) => Answer | Promise<Answer> });

export const json = (body: object): Answer => ({ kind: 'json', body });

/** The sns interfaces label their JSON as plain text (reference 0.4). */
export const jsonAsText = (body: object): Answer => ({ kind: 'json', body, contentType: 'text/plain' });

/** `{"errcode":0,"errmsg":"ok"}` with more members behind it. */
export const ok = (more: object = {}): Answer => json({ errcode: 0, errmsg: 'ok', ...more });

/** JSON.rawJSON, which Node has and TypeScript's library does not describe yet. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => object };

/** A 64-bit id as the bare JSON number the platform sends. */
export const bareNumber = (digits: string): object => rawJSON(digits);
