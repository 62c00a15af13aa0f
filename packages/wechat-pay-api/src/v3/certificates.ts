import { createPublicKey } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { keyRing, openCertificates, parseObject, textIn, verifyMessage } from '@lingquan/wechat-pay';
import type { PlatformCertificate } from '@lingquan/wechat-pay';
import type { Tried } from '../attempts.ts';
import { judge } from '../judge.ts';
import { failed, ok } from '../outcome.ts';
import type { HttpAnswer } from '../transport.ts';
import { sendSigned, type V3Deps } from './call.ts';

const request = { operation: 'certificates', method: 'GET', path: '/v3/certificates' } as const;

/**
 * One try of `GET /v3/certificates`. The first answer can only be verified with what it brings, after the APIv3 key opened it
 * (reference B.3); later ones are verified the same way. 404 with a public key at hand: this merchant has none.
 */
export async function downloadCertificates(
  deps: V3Deps,
  origin: string,
): Promise<Tried<PlatformCertificate[] | 'none'>> {
  const answer = await sendSigned(deps, origin, request);
  if (answer.kind === 'failed') return { outcome: answer, again: true };
  if (answer.status === 200) return open(deps, answer);
  if (answer.status === 404 && deps.merchant.publicKey !== undefined) return { outcome: ok('none'), again: false };
  const refusal = {
    api: 'v3',
    operation: 'certificates',
    httpStatus: answer.status,
    code: codeIn(answer.body),
  } as const;
  return judge({ ...refusal, signed: false }, '');
}

function open({ merchant, now }: V3Deps, { headers, body }: HttpAnswer): Tried<PlatformCertificate[]> {
  try {
    const certificates = openCertificates(merchant.apiV3Key, body.toString('utf8'));
    const { publicKey } = merchant;
    const ring = keyRing([
      ...certificates.map(({ serialNo, pem }) => [serialNo, createPublicKey(pem)] as const),
      ...(publicKey === undefined ? [] : [[publicKey.id, publicKey.key] as const]),
    ]);
    const verdict = verifyMessage(ring, headers, body, Math.floor(now() / 1000));
    return verdict.ok
      ? { outcome: ok(certificates), again: false }
      : { outcome: failed('uncertain', verdict.reason), again: true };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { outcome: failed('uncertain', error.code === 'unauthorized' ? 'decrypt_failed' : 'bad_body'), again: true };
  }
}

function codeIn(body: Buffer): string {
  try {
    return textIn(parseObject(body.toString('utf8')), 'code');
  } catch {
    return '';
  }
}
