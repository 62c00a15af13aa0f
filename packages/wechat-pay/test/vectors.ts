import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { keyRing, type KeyRing, type SignType } from '../src/index.ts';

type Key = {
  type: string;
  serial_no?: string;
  private_pem?: string;
  public_pem?: string;
  cert_pem?: string;
  text?: string;
};

type Expected = {
  ok?: boolean;
  reason?: string;
  plaintext?: string;
  plaintext_sha256?: string;
  certificate_serial?: string;
  string_to_sign?: string;
  sign?: string;
  message?: string;
  message_sha256?: string;
  signature?: string;
  authorization?: string;
  params?: Record<string, string>;
  fields?: Record<string, string>;
  resource?: Record<string, unknown>;
  ack?: string;
  aes_key_ascii?: string;
  ciphertext?: string;
  ciphertext_bytes?: number;
  serials?: string[];
  encrypt_with?: string;
  hex?: string;
  action?: string;
  sha1?: string;
  columns?: number;
  rows?: Record<string, string | number>[];
  summary?: Record<string, number>;
  steps?: { ack: string }[];
  final?: Record<string, string | number>;
};

export type Step = { now: number; headers: Record<string, string>; body: string };

type Input = Record<string, string> & {
  params: Record<string, string>;
  headers: Record<string, string>;
  trusted: Record<string, string>;
  sign_type: SignType;
  api: 'v2' | 'v3';
  operation: 'prepay' | 'close' | 'refund';
  local_orders: LocalOrder[];
  steps: Step[];
  now: string;
  http_status: string;
};

export type LocalOrder = {
  out_trade_no: string;
  total: number;
  currency: string;
  mchid: string;
  appid: string;
  state: string;
  paid_fen: number;
  fulfilments: number;
};

export type Vector = { id: string; kind: string; note?: string; input: Input; expected: Expected };

type VectorsFile = { kinds: Record<string, string>; keys: Record<string, Key>; vectors: Vector[] };

/** The vectors; what their kinds mean stands in the file itself. */
export const { keys, kinds, vectors } = JSON.parse(
  readFileSync(new URL('../test-vectors/wechat-pay-vectors.json', import.meta.url), 'utf8'),
) as VectorsFile;

const keyNamed = (name: string): Key => {
  const key = keys[name];
  if (!key) throw new Error(`no key ${name}`);
  return key;
};

export const privateKey = (name: string): KeyObject => createPrivateKey(keyNamed(name).private_pem!);

export function publicKey(name: string): KeyObject {
  const { public_pem, cert_pem } = keyNamed(name);
  return createPublicKey((public_pem ?? cert_pem)!);
}

/** The APIv3 or APIv2 key of a vector: named or literal. */
export const secretOf = (input: Input, kind: 'apiv3_key' | 'api_key'): string =>
  input[`${kind}_literal`] ?? keyNamed(input[kind]!).text!;

export const trusted = (input: Input): KeyRing =>
  keyRing(Object.entries(input.trusted).map(([serial, name]) => [serial, publicKey(name)]));
