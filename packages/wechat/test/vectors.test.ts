import { expect, test } from '@jest/globals';
import {
  cardSignature,
  classify,
  decodeAesKey,
  dedupeKey,
  imageReply,
  isWxacodeScene,
  jssdkSignature,
  musicReply,
  newsReply,
  open,
  openPush,
  openUserData,
  parseJson,
  parseXml,
  rawDataMatches,
  sceneOf,
  seal,
  sealReply,
  sessionSignature,
  signatureMatches,
  signatureOf,
  success,
  textReply,
  transferReply,
  verifyUrl,
  videoReply,
  voiceReply,
  type Account,
  type FieldValue,
} from '../src/index.ts';
import { accountOf, vectors, type Vectors } from './vectors.ts';

const refusals: Record<string, { code: string; message: RegExp }> = {
  reject_signature: { code: 'unauthorized', message: /signature/ },
  reject_mode: { code: 'unauthorized', message: /mode/ },
  reject_appid: { code: 'unauthorized', message: /appid/ },
  reject_padding: { code: 'invalid', message: /padding/ },
  reject_length: { code: 'invalid', message: /length/ },
  reject_base64: { code: 'invalid', message: /base64/ },
};

const refusalOf = (outcome: string) => {
  const refusal = refusals[outcome];
  if (!refusal) throw new Error(`no refusal for ${outcome}`);
  return expect.objectContaining({ code: refusal.code, message: expect.stringMatching(refusal.message) });
};

test('the vectors file is whole: every section has the entries its counts promise', () => {
  const { meta, ...sections } = vectors;
  const found = Object.fromEntries(Object.entries(sections).map(([name, entries]) => [name, entries.length]));
  expect(found).toEqual(meta.counts);
});

test.each(vectors.url_signature)('URL check $id', ({ config, query, expected_signature, outcome, response_body }) => {
  expect(signatureOf([config.token, query['timestamp'] ?? '', query['nonce'] ?? ''])).toBe(expected_signature);
  const verify = () => verifyUrl(config, query);
  if (outcome === 'ok') expect(verify()).toBe(response_body);
  else expect(verify).toThrow(refusalOf(outcome));
});

test.each(vectors.sha1_ordering)('SHA-1 of sorted parts $id', ({ parts, sha1 }) => {
  expect(signatureOf(parts)).toBe(sha1);
  expect(signatureMatches(sha1, parts.toReversed())).toBe(true);
});

type PushVector = Vectors['encrypted_push'][number];

/** Compatible mode when there are clear fields beside Encrypt. */
function accountOfPush({ config, request }: PushVector): Account {
  const mode = request.body.includes('FromUserName') && request.body.includes('Encrypt') ? 'compatible' : 'safe';
  return accountOf(config, { mode: config.mode ?? mode, format: request.body.startsWith('{') ? 'json' : 'xml' });
}

function openVector(vector: PushVector) {
  const { query, body } = vector.request;
  return openPush(accountOfPush(vector), { query, body: Buffer.from(body), now: Number(query['timestamp']) });
}

test.each(vectors.encrypted_push)('encrypted push $id', (vector) => {
  const { config, expected, encrypt } = vector;
  const opened = openVector(vector);
  expect(opened.fields).toEqual(expected.parsed ?? withTextLeaves(expected.parsed_json));
  expect(opened.encrypted).toBe(true);
  const used = expected.usedKey === 'previous' ? config.previousEncodingAESKey : config.encodingAESKey;
  expect(opened.key).toEqual(decodeAesKey(used ?? ''));
  expect(open(opened.key ?? Buffer.alloc(0), config.appid, encrypt ?? '')).toBe(expected.plaintext);
});

test.each(vectors.encrypted_push_negative)('refused push $id: $note', (vector) => {
  expect(() => openVector(vector)).toThrow(refusalOf(vector.expected.outcome));
});

test.each(vectors.encrypted_reply)('encrypted reply $id', (vector) => {
  const { config, random16, plaintext, timestamp, nonce, format, expected } = vector;
  const key = decodeAesKey(config.encodingAESKey);
  expect(seal(key, config.appid, plaintext, Buffer.from(random16))).toBe(expected.encrypt);
  expect(signatureOf([config.token, timestamp, nonce, expected.encrypt])).toBe(expected.msgSignature);
  const envelope = sealReply(
    {
      account: config,
      key,
      format: format ?? 'xml',
      timestamp: Number(timestamp),
      nonce,
      random16: Buffer.from(random16),
    },
    plaintext,
  );
  expect(envelope).toBe(expected.envelope);
});

test.each(vectors.jssdk_signature)(
  'JS-SDK signature $id',
  ({ jsapi_ticket, noncestr, timestamp, inputUrl, signature }) => {
    expect(jssdkSignature({ ticket: jsapi_ticket, noncestr, timestamp, url: inputUrl })).toBe(signature);
  },
);

test.each(vectors.card_signature)('card signature $id', ({ values, signature }) => {
  expect(cardSignature(values)).toBe(signature);
});

test.each(vectors.miniprogram_user_data)('user data $id', (vector) => {
  const { sessionKey, outcome } = vector;
  let checks = 0;
  if (vector.encryptedData !== undefined) {
    const { encryptedData, iv = '', appid = '' } = vector;
    const openData = () => openUserData({ sessionKey, encryptedData, iv }, appid);
    if (outcome === 'ok') expect(openData()).toEqual(vector.expected);
    else expect(openData).toThrow(refusalOf(outcome));
    checks += 1;
  }
  if (vector.rawData !== undefined) {
    expect(rawDataMatches(vector.rawData, sessionKey, vector.signature ?? '')).toBe(true);
    checks += 1;
  }
  if (vector.hmacSha256Hex !== undefined) {
    expect(sessionSignature(sessionKey, vector.message)).toBe(vector.hmacSha256Hex);
    checks += 1;
  }
  expect(checks).toBe(1);
});

test.each(vectors.xml_samples)('XML push $id', ({ xml, expected, dedupe, dedupe_recommended }) => {
  const fields = parseXml(xml);
  expect(fields).toStrictEqual(expected);
  expect(dedupeKey(fields)).toBe(dedupe_recommended ?? dedupe);
  expect(dedupeKey(fields).startsWith(dedupe)).toBe(true);
});

test.each(vectors.json_push_samples)('JSON push $id', ({ raw, expected_raw_leaves, dedupe }) => {
  const fields = parseJson(raw);
  for (const [path, value] of Object.entries(expected_raw_leaves))
    expect([path, leafAt(fields, path)]).toEqual([path, value]);
  expect(dedupeKey(fields).startsWith(dedupe)).toBe(true);
});

test.each(vectors.passive_replies)('passive reply $id', (vector) => {
  if (!vector.reply || !vector.inbound) {
    // To say nothing: `success` or nothing at all, and neither is ever encrypted.
    const sealing = {
      account: { appid: 'a', token: 't' },
      key: Buffer.alloc(32),
      format: 'xml',
      timestamp: 1,
      nonce: '1',
    } as const;
    expect([success, '']).toContain(vector.expected_body);
    expect(sealReply(sealing, vector.expected_body ?? 'missing')).toBe(vector.expected_body);
    return;
  }
  const { FromUserName: to, ToUserName: from } = vector.inbound;
  const xml = renderReply(vector.reply, { to, from, createTime: vector.createTime ?? 0 });
  expect(parseXml(xml)).toStrictEqual(vector.expected_after_parse);
});

function renderReply(
  { type, ...content }: Record<string, unknown>,
  header: { to: string; from: string; createTime: number },
) {
  // The vectors name the contents as the functions do; the type says which function they are for.
  const render = replies[type as string] as ((reply: unknown) => string) | undefined;
  if (!render) throw new Error(`no reply of type ${String(type)}`);
  return render({ ...header, ...content });
}

const replies: Record<string, unknown> = {
  text: textReply,
  image: imageReply,
  voice: voiceReply,
  video: videoReply,
  music: musicReply,
  news: newsReply,
  transfer_customer_service: transferReply,
};

test.each(vectors.qr_scene_extraction)('scene of $Event $EventKey', ({ Event, EventKey, scene }) => {
  expect(sceneOf({ Event, ...(EventKey !== null && { EventKey }) })).toBe(scene ?? undefined);
});

test.each(vectors.api_responses)('API answer $id', ({ status, contentType, body, bodyBase64, expected }) => {
  const bytes = body === undefined ? Buffer.from(bodyBase64 ?? '', 'base64') : Buffer.from(body);
  const response = classify({ status, contentType, body: bytes });
  expect(response.kind).toBe(expected.kind);
  expect(response.isImage).toBe(expected.isImage ?? false);
  expect(response.json['msgid']).toBe(expected.msgid);
});

test.each(vectors.wxacode_scene)('mini-program code scene "$scene"', ({ scene, valid }) => {
  expect(isWxacodeScene(scene)).toBe(valid);
});

test.each(vectors.public)('published vector: $kind, $source', ({ kind, expected, ...given }) => {
  expect(Object.keys(published)).toContain(kind);
  published[kind]?.(given as Record<string, string>, expected as Record<string, string>);
});

type PublishedCheck = (given: Record<string, string>, expected: Record<string, string>) => void;

const published: Record<string, PublishedCheck> = {
  url_signature: ({ token = '', timestamp = '', nonce = '', echostr = '1' }, { signature = '' }) => {
    expect(verifyUrl({ token }, { signature, timestamp, nonce, echostr })).toBe(echostr);
  },
  decrypt: ({ token = '', encodingAESKey = '', timestamp = '', nonce = '', encrypt = '', msg_signature }, expected) => {
    if (msg_signature) expect(signatureOf([token, timestamp, nonce, encrypt])).toBe(msg_signature);
    expect(open(decodeAesKey(encodingAESKey), expected['appid'] ?? '', encrypt)).toBe(expected['plaintext']);
  },
  encrypt: (
    { token = '', encodingAESKey = '', appid = '', random16 = '', plaintext = '', timestamp = '', nonce = '' },
    expected,
  ) => {
    const encrypt = seal(decodeAesKey(encodingAESKey), appid, plaintext, Buffer.from(random16));
    expect(encrypt).toBe(expected['encrypt']);
    const signature = expected['msg_signature'];
    if (signature !== undefined) expect(signatureOf([token, timestamp, nonce, encrypt])).toBe(signature);
  },
  sha1_ordering: (given, { sha1 }) => expect(signatureOf(given['parts'] as unknown as string[])).toBe(sha1),
  jssdk_signature: ({ jsapi_ticket = '', noncestr = '', timestamp, url = '' }, { signature }) => {
    expect(jssdkSignature({ ticket: jsapi_ticket, noncestr, timestamp: Number(timestamp), url })).toBe(signature);
  },
  card_signature: (given, { signature }) => {
    expect(cardSignature(given['values'] as unknown as Record<string, string>)).toBe(signature);
  },
  rawdata_signature: ({ rawData = '', sessionKey = '' }, { signature = '' }) => {
    expect(rawDataMatches(rawData, sessionKey, signature)).toBe(true);
  },
  hmac_sha256: ({ sessionKey = '', message }, { hex }) => expect(sessionSignature(sessionKey, message)).toBe(hex),
  encrypted_data: ({ sessionKey = '', iv = '', encryptedData = '', appid = '' }, expected) => {
    expect(openUserData({ sessionKey, iv, encryptedData }, appid)).toMatchObject(expected);
  },
};

/** `List[0].TemplateId` in a tree. */
function leafAt(fields: FieldValue, path: string): unknown {
  const names = path.split(/[.[\]]+/).filter((name) => name !== '');
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], fields);
}

function withTextLeaves(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, withTextLeaves(child)]));
}
