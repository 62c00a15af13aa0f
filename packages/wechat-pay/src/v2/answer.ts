import { AppError } from '@lingquan/errors';
import { verifyParameters, type Parameters } from './sign.ts';
import { parseMessage } from './xml.ts';

/**
 * What an answer of v2 says: `ok` with its signed fields; `refused` with the platform's code (`FAIL` when the refusal is of the
 * message as such and has none), `signed` or not; `untrusted` when it is not XML or not rightly signed, which leaves the outcome open
 * (reference A.1).
 */
export type AnswerV2 =
  | { kind: 'ok'; fields: Parameters }
  | { kind: 'refused'; code: string; message: string; signed: boolean }
  | { kind: 'untrusted'; why: string };

/**
 * Reads an answer of v2. With return_code SUCCESS it is signed, and its appid and mch_id must be those that were sent. A refusal of the
 * message itself (return_code FAIL) carries no signature.
 */
export function readAnswer(
  body: string | Buffer,
  apiV2Key: string,
  sent: { appid: string; mchid: string; outTradeNo?: string },
): AnswerV2 {
  let fields: Parameters;
  try {
    fields = parseMessage(body);
  } catch (error) {
    if (error instanceof AppError) return { kind: 'untrusted', why: 'bad_body' };
    throw error;
  }
  if (fields['return_code'] === 'FAIL') return refusedBy(fields, false, 'FAIL', fields['return_msg']);
  if (fields['return_code'] !== 'SUCCESS') return { kind: 'untrusted', why: 'bad_body' };
  const verdict = verifyParameters(fields, apiV2Key);
  if (!verdict.ok) return { kind: 'untrusted', why: verdict.reason };
  if (fields['appid'] !== sent.appid || fields['mch_id'] !== sent.mchid) return { kind: 'untrusted', why: 'not_ours' };
  const outTradeNo = fields['out_trade_no'];
  if (sent.outTradeNo !== undefined && outTradeNo !== undefined && outTradeNo !== sent.outTradeNo)
    return { kind: 'untrusted', why: 'another_order' };
  if (fields['result_code'] === 'SUCCESS') return { kind: 'ok', fields };
  return refusedBy(fields, true, 'ERROR', fields['err_code_des']);
}

const refusedBy = (fields: Parameters, signed: boolean, fallback: string, message = ''): AnswerV2 => ({
  kind: 'refused',
  code: fields['err_code'] || fields['error_code'] || fallback,
  message,
  signed,
});
