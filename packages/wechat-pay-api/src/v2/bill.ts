import { AppError } from '@lingquan/errors';
import { parseBill, plainCode, readAnswer } from '@lingquan/wechat-pay';
import type { Bill } from '@lingquan/wechat-pay';
import type { Tried } from '../attempts.ts';
import { unpacked } from '../bill-file.ts';
import { failed, ok } from '../outcome.ts';
import { judgeV2, sendV2, type V2Deps, type V2Request } from './call.ts';

/** One try of a trade bill (reference A.10). Success is the bill itself, unsigned; a failure is XML. */
export async function fetchBillV2(deps: V2Deps, origin: string, date: string): Promise<Tried<Bill>> {
  const parameters = { bill_date: date.replaceAll('-', ''), bill_type: 'ALL', tar_type: 'GZIP' };
  const request: V2Request = { operation: 'bill', path: '/pay/downloadbill', parameters };
  const answer = await sendV2(deps, origin, request);
  if (answer.kind === 'failed') return { outcome: answer, again: true };
  const text = await unpacked(answer.body);
  if (text === undefined) return { outcome: failed('uncertain', 'bad_body'), again: true };
  if (answer.status === 200 && text[0] !== 0x3c) return read(text);
  const { merchant } = deps;
  const refused = readAnswer(text, merchant.apiV2Key ?? '', { appid: merchant.appid, mchid: merchant.mchid });
  if (refused.kind === 'ok') return { outcome: failed('uncertain', 'unexpected_answer'), again: false };
  return judgeV2(withCodeOfBill(refused), answer, request);
}

function read(text: Buffer): Tried<Bill> {
  try {
    return { outcome: ok(parseBill(text.toString('utf8'))), again: false };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Unsigned and without a hash: what does not add up may have been cut on its way.
    return { outcome: failed('uncertain', 'bad_body', { detail: error.message }), again: true };
  }
}

/** Bills say in words, not by a code, that there is none (yet), or to come again. Nothing of a bill is signed in v2, and none moves money. */
function withCodeOfBill<T extends { kind: string }>(refused: T): T {
  const { message } = refused as { message?: string };
  const said = plainCode(message ?? '');
  return ['NOBILLEXIST', 'BILLCREATING', 'SYSTEMERROR'].includes(said)
    ? { ...refused, code: said, signed: true }
    : refused;
}
