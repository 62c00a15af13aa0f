import { readFileSync } from 'node:fs';
import type { Account, Fields } from '../src/index.ts';

type Outcome = 'ok' | `reject_${'signature' | 'appid' | 'padding' | 'length' | 'base64' | 'xml' | 'mode'}`;

interface Config {
  token: string;
  encodingAESKey: string;
  previousEncodingAESKey?: string;
  appid: string;
  mode?: Account['mode'];
}

interface PushVector {
  id: string;
  note: string;
  config: Config;
  request: { query: Record<string, string>; body: string };
  encrypt: string | null;
  expected: { outcome: Outcome; plaintext?: string; parsed?: Fields; parsed_json?: unknown; usedKey?: string };
}

interface PublicVector {
  source: string;
  kind: string;
  expected: Record<string, unknown> & { encrypt?: string; signature?: string; msg_signature?: string; appid?: string };
  [name: string]: unknown;
}

/** The shape of wechat-vectors.json as far as the tests read it; its meta.conventions describe it. */
export interface Vectors {
  meta: { counts: Record<string, number> };
  url_signature: {
    id: string;
    config: { token: string };
    query: Record<string, string>;
    expected_signature: string;
    outcome: Outcome;
    response_body?: string;
  }[];
  sha1_ordering: { id: string; parts: string[]; sha1: string }[];
  encrypted_push: PushVector[];
  encrypted_push_negative: PushVector[];
  encrypted_reply: {
    id: string;
    config: Config;
    random16: string;
    plaintext: string;
    timestamp: string;
    nonce: string;
    format?: 'json';
    expected: { encrypt: string; msgSignature: string; envelope: string };
  }[];
  jssdk_signature: {
    id: string;
    jsapi_ticket: string;
    noncestr: string;
    timestamp: number;
    inputUrl: string;
    signature: string;
  }[];
  card_signature: { id: string; values: Record<string, string>; signature: string }[];
  miniprogram_user_data: {
    id: string;
    sessionKey: string;
    iv?: string;
    encryptedData?: string;
    appid?: string;
    expected?: unknown;
    rawData?: string;
    signature?: string;
    message?: string;
    hmacSha256Hex?: string;
    outcome: Outcome;
  }[];
  xml_samples: { id: string; xml: string; expected: Fields; dedupe: string; dedupe_recommended?: string }[];
  json_push_samples: { id: string; raw: string; expected_raw_leaves: Record<string, string>; dedupe: string }[];
  passive_replies: {
    id: string;
    reply: ({ type: string } & Record<string, unknown>) | null;
    inbound?: { ToUserName: string; FromUserName: string };
    createTime?: number;
    expected_after_parse?: Fields;
    expected_body?: string;
  }[];
  qr_scene_extraction: { Event: string; EventKey: string | null; scene: string | null }[];
  api_responses: {
    id: string;
    status: number;
    contentType: string;
    body?: string;
    bodyBase64?: string;
    expected: { kind: string; msgid?: string; isImage?: boolean };
  }[];
  wxacode_scene: { scene: string; valid: boolean }[];
  public: PublicVector[];
}

export const vectors = JSON.parse(
  readFileSync(new URL('../test-vectors/wechat-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/** An account with the settings of a vector. */
export const accountOf = (config: Config, changes: Partial<Account> = {}): Account => ({
  kind: 'official-account',
  secret: 'unused',
  mode: 'safe',
  format: 'xml',
  ...config,
  ...changes,
});
