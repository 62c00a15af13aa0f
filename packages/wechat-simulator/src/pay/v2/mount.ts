import { isUtf8 } from 'node:buffer';
import type { Context } from 'koa';
import type { Log } from '@lingquan/log';
import {
  type Parameters,
  type ParametersToSend,
  type SignType,
  parseMessage,
  plainMessage,
  signedMessage,
  verifyParameters,
} from '@lingquan/wechat-pay';
import { newOpaque } from '../../state/ids.ts';
import type { Desk } from '../desk.ts';
import { type Cause, PayRefusal, causeNamed, refuse } from '../rules/refusal.ts';
import type { Pay } from '../state/pay.ts';
import { type AnswerFlaw, type Reply, exchange } from '../transport.ts';
import { billApis } from './bills.ts';
import type { V2Api } from './call.ts';
import { orderApis } from './orders.ts';
import { refundApis } from './refunds.ts';

const apis = new Map<string, V2Api>([...orderApis, ...refundApis, ...billApis].map((api) => [api.path, api]));

export const isV2 = (path: string): boolean => apis.has(path);

/** Something is wrong with the message as such: return_code FAIL, unsigned (reference A.1, A.12). */
class BadMessage extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const xml = (body: string, code?: string): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  body: Buffer.from(body),
  code,
});

/** Numbers of the bills' errors; their return_msg says which it was (reference A.10). */
const billErrors: Readonly<Partial<Record<Cause, string>>> = {
  NO_STATEMENT_EXIST: '20002',
  STATEMENT_CREATING: '20002',
};

function read(raw: Buffer, method: string): Parameters {
  if (method !== 'POST') throw new BadMessage('REQUIRE_POST_METHOD', '请使用post方法');
  if (raw.length === 0) throw new BadMessage('POST_DATA_EMPTY', 'post数据为空');
  if (!isUtf8(raw)) throw new BadMessage('NOT_UTF8', '编码格式错误');
  try {
    return parseMessage(raw);
  } catch {
    throw new BadMessage('XML_FORMAT_ERROR', 'XML格式错误');
  }
}

/** By sign_type, MD5 where it says nothing (reference A.3). */
function signTypeOf(fields: Parameters): SignType {
  const said = fields['sign_type'] || 'MD5';
  if (said !== 'MD5' && said !== 'HMAC-SHA256') throw new BadMessage('SIGNERROR', '签名类型错误');
  return said;
}

function admit({ keys, world }: Pay, fields: Parameters): SignType {
  const { mchid, apiV2Key } = keys.merchant;
  const signType = signTypeOf(fields);
  for (const name of ['appid', 'mch_id', 'nonce_str', 'sign'])
    if (!fields[name]) throw new BadMessage('LACK_PARAMS', `缺少参数${name}`);
  if (fields['mch_id'] !== mchid) throw new BadMessage('MCHID_NOT_EXIST', '商户号不存在');
  const length = signType === 'MD5' ? 32 : 64;
  if (fields['sign']?.length !== length || !verifyParameters(fields, apiV2Key).ok)
    throw new BadMessage('SIGNERROR', '签名错误');
  if (!world.accounts.has(fields['appid'] ?? '')) refuse('APPID_NOT_EXIST', 'appid不存在');
  return signType;
}

export interface V2Deps {
  readonly pay: Pay;
  readonly desk: Desk;
  readonly log: Log;
  /** Whether the merchant has shown its certificate. */
  readonly certified: boolean;
}

/** Answers one call of v2, whatever its Content-Type says (client libraries 1.1). */
export function answerV2({ pay, desk, log, certified }: V2Deps, ctx: Context): Promise<void> {
  const { merchant } = pay.keys;
  const api = apis.get(ctx.path);
  let signType: SignType = 'MD5';
  let appid = merchant.appid;

  function signed(fields: ParametersToSend, flaw: AnswerFlaw, code?: string): Reply {
    const common = {
      return_code: 'SUCCESS',
      return_msg: 'OK',
      appid,
      mch_id: merchant.mchid,
      nonce_str: newOpaque(24),
    };
    const key = flaw === 'bad-signature' || flaw === 'signtest' ? 'x'.repeat(32) : merchant.apiV2Key;
    const all = { ...common, ...fields };
    return xml(flaw === 'unsigned' ? plainMessage(all) : signedMessage(all, key, signType), code);
  }

  const business = (code: string, message: string, flaw?: AnswerFlaw): Reply =>
    signed({ result_code: 'FAIL', err_code: code, err_code_des: message }, flaw, code);
  const fail = (code: string, message: string): Reply =>
    xml(plainMessage({ return_code: 'FAIL', return_msg: message, err_code: code }), code);

  function refused(error: unknown, flaw: AnswerFlaw): Reply {
    if (error instanceof BadMessage) return fail(error.code, error.message);
    if (!(error instanceof PayRefusal)) {
      log.error({ err: error, path: ctx.path }, 'payment interface failed');
      return business('SYSTEMERROR', '系统异常，请稍后重试', flaw);
    }
    if (!ctx.path.startsWith('/pay/download')) return business(error.v2, error.message, flaw);
    const isWorded = error.why in billErrors;
    const return_msg = isWorded ? error.v2 : error.message;
    return xml(
      plainMessage({ return_code: 'FAIL', return_msg, error_code: billErrors[error.why] ?? '20001' }),
      error.v2,
    );
  }

  function perform(raw: Buffer, flaw: AnswerFlaw): Reply {
    if (api === undefined || (api.mutualTls === true && !certified))
      return { status: 400, headers: { 'Content-Type': 'text/html' }, body: noCertificate };
    try {
      const fields = read(raw, ctx.method);
      appid = fields['appid'] || appid;
      signType = admit(pay, fields);
      const done = api.handle({ pay, desk, fields, signType, now: pay.world.clock.now() });
      if (!Buffer.isBuffer(done)) return signed({ result_code: 'SUCCESS', ...done }, flaw);
      const isPacked = done[0] === 0x1f && done[1] === 0x8b;
      const contentType = isPacked ? 'application/gzip' : 'text/plain; charset=utf-8';
      return { status: 200, headers: { 'Content-Type': contentType }, body: done };
    } catch (error) {
      return refused(error, flaw);
    }
  }

  return exchange(ctx, pay, {
    perform,
    refuse(raw, code) {
      try {
        const fields = read(raw, ctx.method);
        appid = fields['appid'] || appid;
        signType = signTypeOf(fields);
      } catch {
        // whatever it was, it is refused for another reason
      }
      const cause = causeNamed(code);
      return business(cause === undefined ? code : new PayRefusal(cause, '').v2, '系统异常，请稍后重试');
    },
  });
}

const noCertificate = Buffer.from(
  '<html><head><title>400 No required SSL certificate was sent</title></head><body><center><h1>400 Bad Request</h1></center></body></html>',
);
