import { createHash, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import {
  acknowledgement,
  appParameters,
  authorization,
  clientMessage,
  clientParameters,
  clientParametersV2,
  decide,
  decryptField,
  encryptField,
  keyRing,
  newestEffective,
  openCertificates,
  openJumpCode,
  openNotification,
  openPaymentNotice,
  openRefundNotice,
  openReqInfo,
  openResource,
  parseAuthorization,
  parseBill,
  parseMessage,
  parseObject,
  requestMessage,
  sealResource,
  signParameters,
  signRsa,
  stringToSign,
  textIn,
  verifyMessage,
  verifyRequest,
  type Bill,
} from '../src/index.ts';
import { openEcb, reqInfoKey, sealEcb } from '../src/v2/notice.ts';
import { merchantWith } from './local-merchant.ts';
import { kinds, privateKey, publicKey, secretOf, trusted, vectors, type Vector } from './vectors.ts';

test('the vectors are all here', () => {
  expect(vectors).toHaveLength(74);
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(74);
  expect(Object.keys(checks).filter((kind) => !(kind in kinds))).toEqual([]);
});

test.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
  const check = checks[vector.kind];
  if (!check) throw new Error(`no check for vectors of kind ${vector.kind}`);
  expect.hasAssertions();
  check(vector);
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const checks: Record<string, (vector: Vector) => void> = {
  v2_sign({ input, expected }) {
    const key = secretOf(input, 'api_key');
    expect(stringToSign(input.params, key)).toBe(expected.string_to_sign);
    expect(signParameters(input.params, key, input.sign_type)).toBe(expected.sign);
  },

  v2_jsapi_pay({ input, expected }) {
    const { appid, prepay_id, timestamp, nonce_str, sign_type } = input;
    const prepaid = { appid: appid!, prepayId: prepay_id!, timestamp: timestamp!, nonce: nonce_str! };
    const key = secretOf(input, 'api_key');
    const parameters = clientParametersV2(prepaid, key, sign_type);
    expect(parameters).toEqual(expected.params);
    const { paySign: _, ...signed } = parameters;
    expect(stringToSign(signed, key)).toBe(expected.string_to_sign);
  },

  v2_verify_xml({ input, expected }) {
    const opened = openPaymentNotice(secretOf(input, 'api_key'), Buffer.from(input['xml']!));
    if (expected.ok) expect(opened).toMatchObject({ ok: true, fields: expected.fields });
    else expect(opened).toEqual({ ok: false, reason: expected.reason });
    expect(opened.ok ? 'success_xml' : 'not_success').toBe(expected.ack);
    expect(parseMessage(acknowledgement)).toEqual({ return_code: 'SUCCESS', return_msg: 'OK' });
  },

  v2_refund_notify({ input, expected }) {
    const key = secretOf(input, 'api_key');
    expect(reqInfoKey(key)).toBe(expected.aes_key_ascii);
    expect(openReqInfo(key, parseMessage(input['xml']!)['req_info']!)).toBe(expected.plaintext);
    expect(openRefundNotice(key, input['xml']!)).toMatchObject({ ok: true, fields: expected.fields });
  },

  v3_request_sign({ input, expected }) {
    const { method, url, body, timestamp, nonce_str, mchid, serial_no, private_key } = input;
    const request = { method: method!, url: url!, timestamp: timestamp!, nonce: nonce_str!, body: body! };
    const message = requestMessage(request);
    expect(message).toBe(expected.message);
    expect(sha256(message)).toBe(expected.message_sha256);
    const signer = { mchid: mchid!, serialNo: serial_no!, privateKey: privateKey(private_key!) };
    const header = authorization(signer, request);
    expect(parseAuthorization(header)).toEqual(parseAuthorization(expected.authorization!));
    expect(parseAuthorization(header)?.signature).toBe(expected.signature);
    const received = { method: method!, url: url!, body: Buffer.from(body!), authorization: header };
    const ring = keyRing([[serial_no!, publicKey(private_key!)]]);
    expect(verifyRequest(ring, received, Number(timestamp))).toMatchObject({ ok: true });
  },

  v3_request_message({ input, expected }) {
    const { method, url, body, timestamp, nonce_str } = input;
    const request = { method: method!, url: url!, timestamp: timestamp!, nonce: nonce_str!, body: body! };
    expect(requestMessage(request)).toBe(expected.message);
  },

  v3_client_pay({ input, expected }) {
    const { client, appid, mchid, prepay_id, timestamp, nonce_str } = input;
    const prepaid = { appid: appid!, mchid: mchid!, prepayId: prepay_id!, timestamp: timestamp!, nonce: nonce_str! };
    const key = privateKey(input['private_key']!);
    expect(client === 'app' ? appParameters(key, prepaid) : clientParameters(key, prepaid)).toEqual(expected.params);
    const prepay = client === 'app' ? prepay_id! : `prepay_id=${prepay_id}`;
    expect(clientMessage(prepaid, prepay)).toBe(expected.message);
  },

  v3_verify({ input, expected }) {
    const verdict = verifyMessage(trusted(input), input.headers, Buffer.from(input['body']!), Number(input.now));
    expect(verdict).toEqual(expected);
  },

  v3_notify({ input, expected }) {
    const received = { headers: input.headers, body: Buffer.from(input['body']!) };
    expect(sha256(input['body']!)).toBe(input['body_sha256']);
    const opened = openNotification(trusted(input), secretOf(input, 'apiv3_key'), received, Number(input.now));
    if (opened.ok) expect(opened.notification.resource).toEqual(expected.resource);
    else expect(opened).toEqual({ ok: false, reason: expected.reason });
    expect(opened.ok ? '2xx' : 'non-2xx').toBe(expected.ack);
  },

  v3_gcm({ input, expected }) {
    const { nonce, associated_data, ciphertext } = input;
    const key = secretOf(input, 'apiv3_key');
    const plaintext = openResource(key, { ciphertext: ciphertext!, nonce: nonce!, associated_data });
    if (expected.plaintext !== undefined) expect(plaintext).toBe(expected.plaintext);
    if (expected.plaintext_sha256 !== undefined) expect(sha256(plaintext)).toBe(expected.plaintext_sha256);
    if (expected.certificate_serial !== undefined)
      expect(new X509Certificate(plaintext).serialNumber).toBe(expected.certificate_serial);
    expect(sealResource(key, { nonce: nonce!, associatedData: associated_data!, plaintext })).toBe(ciphertext);
  },

  coupon_code_decrypt({ input, expected }) {
    expect(openJumpCode(secretOf(input, 'apiv3_key'), input['query']!)).toBe(expected.plaintext);
  },

  oaep_decrypt({ input, expected }) {
    const open = () => decryptField(privateKey(input['private_key']!), input['ciphertext']!);
    if (expected.ok) expect(open()).toBe(expected.plaintext);
    else expect(open).toThrow(expect.objectContaining({ code: 'unauthorized' }));
  },

  oaep_roundtrip({ input, expected }) {
    const seal = () => encryptField(publicKey(input['public_key']!), input['plaintext']!);
    if (!expected.ok) return expect(seal).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(Buffer.from(seal(), 'base64')).toHaveLength(expected.ciphertext_bytes!);
    expect(decryptField(privateKey(input['private_key']!), seal())).toBe(input['plaintext']);
  },

  rsa_sha256_sign({ input, expected }) {
    expect(signRsa(privateKey(input['private_key']!), input['message']!)).toBe(expected.signature);
  },

  aes_256_ecb_pkcs7({ input, expected }) {
    expect(sealEcb(input['key_ascii']!, input['plaintext']!)).toBe(expected.ciphertext);
    expect(openEcb(input['key_ascii']!, expected.ciphertext!)).toBe(input['plaintext']);
  },

  md5_hex({ input, expected }) {
    expect(md5(input['text']!)).toBe(expected.hex);
    expect(reqInfoKey(input['text']!)).toBe(expected.hex);
  },

  v3_cert_download({ input, expected }) {
    const certificates = openCertificates(secretOf(input, 'apiv3_key'), input['body']!);
    expect(certificates.map(({ serialNo }) => serialNo)).toEqual(expected.serials);
    expect(newestEffective(certificates, Number(input.now) * 1000)?.serialNo).toBe(expected.encrypt_with);
    const ring = keyRing(certificates.map(({ serialNo, pem }) => [serialNo, new X509Certificate(pem).publicKey]));
    const verdict = verifyMessage(ring, input.headers, Buffer.from(input['body']!), Number(input.now));
    expect(verdict).toEqual({ ok: true });
  },

  bill_parse({ input, expected }) {
    expect(createHash('sha1').update(input['text']!).digest('hex')).toBe(expected.sha1);
    const bill = parseBill(input['text']!);
    expect(bill.columns).toBe(expected.columns);
    expect(bill.rows.map(inNamesOfVectors)).toEqual(expected.rows!.map((row) => expect.objectContaining(row)));
    const { count, totalFen, refundFen } = bill.summary;
    expect({ count, total_fen: totalFen, refund_fen: refundFen }).toEqual(expected.summary);
  },

  error_decision({ input, expected }) {
    const { api, operation, http_status, body } = input;
    const code = api === 'v3' ? textIn(parseObject(body!), 'code') : (parseMessage(body!)['err_code'] ?? '');
    expect(decide({ api, operation, httpStatus: Number(http_status), code })).toBe(expected.action);
  },

  v3_scenario({ input, expected }) {
    const merchant = merchantWith(input.local_orders[0]!);
    for (const [index, step] of input.steps.entries()) {
      const received = { headers: step.headers, body: Buffer.from(step.body) };
      const opened = openNotification(trusted(input), secretOf(input, 'apiv3_key'), received, step.now);
      const ack = opened.ok ? merchant.take(opened.notification) : 'non-2xx';
      expect(expected.steps![index]!.ack.split('|')).toContain(ack);
    }
    expect(merchant.state()).toEqual(expected.final);
  },
};

const inNamesOfVectors = (row: Bill['rows'][number]) => ({
  kind: row.kind,
  transaction_id: row.transactionId,
  out_trade_no: row.outTradeNo,
  total_fen: row.totalFen,
  settlement_fen: row.settlementFen,
  out_refund_no: row.outRefundNo,
  refund_id: row.refundId,
  refund_fen: row.refundFen,
  requested_refund_fen: row.requestedRefundFen,
  fee_text: row.feeText,
});
