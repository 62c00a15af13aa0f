import { createHash } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { parseBill, parseObject, textIn } from '@lingquan/wechat-pay';
import type { Bill } from '@lingquan/wechat-pay';
import type { Tried } from '../attempts.ts';
import { unpacked } from '../bill-file.ts';
import { judge } from '../judge.ts';
import { failed, ok } from '../outcome.ts';
import { callV3, sendSigned, type V3Deps } from './call.ts';
import type { PlatformKeys } from './platform-keys.ts';

/**
 * One try of a trade bill (reference B.12): asks for a link, which is good for half a minute, fetches it, checks the SHA-1 of the unpacked
 * text, the file itself being unsigned.
 * @param files for the download alone: it takes longer and is larger than other answers
 */
export async function fetchBill(
  deps: V3Deps & { keys: PlatformKeys; files: V3Deps['transport'] },
  origin: string,
  date: string,
): Promise<Tried<Bill>> {
  const path = `/v3/bill/tradebill?bill_date=${encodeURIComponent(date)}&bill_type=ALL&tar_type=GZIP`;
  const { outcome, again } = await callV3(deps, origin, { operation: 'bill', method: 'GET', path });
  if (outcome.kind === 'failed') return { outcome, again };
  const url = pathOf(textIn(outcome.value, 'download_url'));
  if (url === undefined || textIn(outcome.value, 'hash_type') !== 'SHA1') return broken('unexpected_answer');
  // Only path and query are taken: a signed request never goes to a host that an answer names.
  const answer = await sendSigned({ ...deps, transport: deps.files }, origin, {
    operation: 'bill',
    method: 'GET',
    path: url,
  });
  if (answer.kind === 'failed') return { outcome: answer, again: true };
  if (answer.status !== 200) {
    const refusal = { api: 'v3', operation: 'bill', httpStatus: answer.status, code: codeIn(answer.body) } as const;
    const refused = judge({ ...refusal, signed: false }, '');
    // A link that is over is refused as INVALID_REQUEST: a new try asks for a new one.
    return { ...refused, again: true };
  }
  return readFile(answer.body, textIn(outcome.value, 'hash_value'));
}

async function readFile(file: Buffer, sha1: string): Promise<Tried<Bill>> {
  const text = await unpacked(file);
  if (text === undefined) return broken('bad_body');
  if (createHash('sha1').update(text).digest('hex') !== sha1.toLowerCase()) return broken('hash_mismatch');
  try {
    return { outcome: ok(parseBill(text.toString('utf8'))), again: false };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { outcome: failed('uncertain', 'bad_body', { detail: error.message }), again: false };
  }
}

const broken = (code: string): Tried<never> => ({ outcome: failed('uncertain', code), again: true });

function pathOf(url: string): string | undefined {
  // Cut out, not rebuilt: it is signed as it stands (reference B.12).
  return /^https?:\/\/[^/?#]+(\/[^#\s]*)$/.exec(url)?.[1];
}

function codeIn(body: Buffer): string {
  try {
    return textIn(parseObject(body.toString('utf8')), 'code');
  } catch {
    return '';
  }
}
