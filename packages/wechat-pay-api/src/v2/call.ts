import { randomBytes } from 'node:crypto';
import type { Merchant } from '@lingquan/merchant';
import { readAnswer, signedMessage } from '@lingquan/wechat-pay';
import type { AnswerV2, Operation, Parameters, ParametersToSend } from '@lingquan/wechat-pay';
import type { Tried } from '../attempts.ts';
import { judge } from '../judge.ts';
import { failed, ok } from '../outcome.ts';
import type { HttpAnswer, Transport } from '../transport.ts';
import { scrub } from '../v3/call.ts';

export type V2Deps = { merchant: Merchant; transport: Transport };

export type V2Request = {
  operation: Operation;
  path: string;
  /** The merchant's own default for calls about no appid in particular. */
  appid?: string;
  parameters: ParametersToSend;
  /** What the answer must be about, when it says it. */
  outTradeNo?: string;
  secrets?: readonly string[];
};

/** Sends a signed message; every try has a nonce of its own and so another signature (reference A.3). */
export function sendV2({ merchant, transport }: V2Deps, origin: string, { path, appid, parameters }: V2Request) {
  const message = {
    appid: appid ?? merchant.appid,
    mch_id: merchant.mchid,
    nonce_str: randomBytes(16).toString('hex'),
    ...parameters,
  };
  const body = signedMessage(message, keyOf(merchant), merchant.v2Sign);
  const headers = { 'content-type': 'text/xml; charset=utf-8', 'user-agent': 'lingquan' };
  return transport.send(origin, { method: 'POST', path, headers, body });
}

/** One try of a call: its answer's signature, appid and mch_id, and the order's number where it is said, must be right (reference A.1). */
export async function callV2(deps: V2Deps, origin: string, request: V2Request): Promise<Tried<Parameters>> {
  const answer = await sendV2(deps, origin, request);
  if (answer.kind === 'failed') return { outcome: answer, again: true };
  const { merchant } = deps;
  const { appid = merchant.appid, outTradeNo } = request;
  const sent = { appid, mchid: merchant.mchid, ...(outTradeNo === undefined ? {} : { outTradeNo }) };
  const read = readAnswer(answer.body, keyOf(merchant), sent);
  return read.kind === 'ok' ? { outcome: ok(read.fields), again: false } : judgeV2(read, answer, request);
}

/** What a v2 answer that is not a success means. A gateway's refusal is not XML, and says it by its status. */
export function judgeV2(
  read: Exclude<AnswerV2, { kind: 'ok' }>,
  { status }: HttpAnswer,
  { operation, secrets = [] }: V2Request,
): Tried<never> {
  const refusal = { api: 'v2', operation, httpStatus: status } as const;
  if (read.kind === 'refused')
    return judge({ ...refusal, code: read.code, signed: read.signed }, scrub(read.message, secrets));
  if (status >= 300) return judge({ ...refusal, code: '', signed: false }, '');
  return { outcome: failed('uncertain', read.why), again: true };
}

/** Never '' : a merchant without it is refused when it is read, and so is v2. */
const keyOf = ({ apiV2Key = '' }: Merchant): string => apiV2Key;
