import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Log } from '@lingquan/log';
import { signMessage, signtestPrefix } from '@lingquan/wechat-pay';
import { seconds } from '../../state/clock.ts';
import { newOpaque } from '../../state/ids.ts';
import type { Desk } from '../desk.ts';
import { type Cause, PayRefusal, causeNamed } from '../rules/refusal.ts';
import type { Pay } from '../state/pay.ts';
import { type AnswerFlaw, type Reply, exchange } from '../transport.ts';
import { admit } from './admission.ts';
import { billApis } from './bills.ts';
import { certificateApis } from './certificates.ts';
import type { V3Answer, V3Api } from './definition.ts';
import { paymentApis } from './payments.ts';
import { refundApis } from './refunds.ts';

const apis: readonly V3Api[] = [...certificateApis, ...paymentApis, ...refundApis, ...billApis];

/** Literal paths come before those with parameters of the same length, in the tables as here. */
function match(method: string, path: string): { api: V3Api; params: Record<string, string> } | undefined {
  const segments = path.split('/');
  for (const api of apis) {
    const wanted = api.path.split('/');
    if (api.method !== method || wanted.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((segment, index) => {
      const found = segments[index] ?? '';
      if (!segment.startsWith(':')) return segment === found;
      params[segment.slice(1)] = decoded(found);
      return found !== '';
    });
    if (fits) return { api, params };
  }
  return undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The tail of Request-ID says which error it was (reference B.13). */
const subCodes: Readonly<Partial<Record<Cause, number>>> = {
  ORDER_NOT_EXIST: 268512771,
  FREQUENCY_LIMITED: 268447840,
  OTHER_PARAMETERS: 268498688,
  ORDERPAID: 268449538,
  OUT_TRADE_NO_USED: 268447914,
  SIGN_ERROR: 268443699,
  APPID_MCHID_NOT_MATCH: 268445527,
};

const newRequestId = (subCode: number): string => `08${randomBytes(14).toString('hex').toUpperCase()}-${subCode}`;

interface Unsigned {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly subCode: number;
  readonly signed: boolean;
  readonly code?: string;
}

/** Signed once the request's own signature was found right, as WeChat Pay says of its answers. */
function refused(refusal: PayRefusal, signed = true): Unsigned {
  const { status, code } = refusal.v3;
  const subCode = subCodes[refusal.why] ?? 268435456;
  return { ...error(status, code, refusal.message, refusal.detail), subCode, signed };
}

function error(status: number, code: string, message: string, detail?: object): Unsigned {
  const body = Buffer.from(JSON.stringify({ code, message, ...(detail !== undefined && { detail }) }));
  return { status, contentType: 'application/json; charset=utf-8', body, subCode: 268435456, signed: true, code };
}

function unsigned(answer: V3Answer): Unsigned {
  const fine = { status: 200, contentType: 'application/json; charset=utf-8', subCode: 0, signed: true };
  switch (answer.kind) {
    case 'json':
      return { ...fine, body: Buffer.from(answer.body) };
    case 'nothing': // with a Content-Type all the same: client libraries read it (client libraries 1.2)
      return { ...fine, status: 204, contentType: 'application/json', body: Buffer.alloc(0) };
    case 'file':
      return { ...fine, contentType: answer.contentType, body: answer.bytes, signed: false };
    default:
      return answer satisfies never;
  }
}

export interface V3Deps {
  readonly pay: Pay;
  readonly desk: Desk;
  readonly log: Log;
}

/** Answers one call under `/v3/`. */
export function answerV3({ pay, desk, log }: V3Deps, ctx: Context): Promise<void> {
  const { keys, world } = pay;
  const wantedSerial = ctx.get('wechatpay-serial');

  function sign({ status, contentType, body, subCode, signed, code }: Unsigned, flaw: AnswerFlaw): Reply {
    const plain = { 'Content-Type': contentType, 'Request-ID': newRequestId(subCode), 'Cache-Control': 'no-cache' };
    if (!signed || flaw === 'unsigned') return { status, headers: plain, body, code };
    const timestamp = seconds(world.clock.machineNow());
    const signedBody = flaw === 'bad-signature' ? `${body.toString()} ` : body;
    const headers = signMessage(keys.signerFor(wantedSerial), { timestamp, nonce: newOpaque(24), body: signedBody });
    if (flaw === 'signtest') headers['Wechatpay-Signature'] = `${signtestPrefix}${headers['Wechatpay-Signature']}`;
    return { status, headers: { ...plain, ...headers }, body, code };
  }

  function handle(body: Buffer): Unsigned {
    let admitted = false;
    try {
      admit(pay, ctx, body);
      admitted = true;
      const found = match(ctx.method, ctx.path);
      if (found === undefined) throw new PayRefusal('RESOURCE_NOT_EXISTS', '请求的接口不存在');
      const { api, params } = found;
      const query = new URLSearchParams(ctx.querystring);
      const now = world.clock.now();
      return unsigned(
        api.handle({ pay, desk, params, query, body, wantedSerial, origin: `${ctx.protocol}://${ctx.host}`, now }),
      );
    } catch (cause) {
      if (cause instanceof PayRefusal) return refused(cause, admitted);
      log.error({ err: cause, path: ctx.path }, 'payment interface failed');
      return refused(new PayRefusal('SYSTEM_ERROR', '系统异常，请稍后重试'));
    }
  }

  return exchange(ctx, pay, {
    perform: (raw, flaw) => sign(handle(raw), flaw),
    refuse(_raw, code, status) {
      const cause = causeNamed(code);
      const known =
        cause === undefined ? error(500, code, code) : refused(new PayRefusal(cause, '系统异常，请稍后重试'));
      return sign({ ...known, ...(status !== undefined && { status }) }, undefined);
    },
  });
}
