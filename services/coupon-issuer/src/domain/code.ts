import { createCipheriv, createHmac } from 'node:crypto';
import { appendCheck, digitsOf } from './check-digit.ts';

/** 50 bits a campaign: a guess hits one of a million issued codes once in 10^9 tries. */
const HALF_BITS = 25;
const HALF_MASK = 2 ** HALF_BITS - 1;
/** As many as NIST SP 800-38G asks of FF1, whose shape this is (a balanced Feistel network over AES). */
const ROUNDS = 10;
const SERIAL_DIGITS = 10;
const CAMPAIGN_DIGITS = 3;

/** The campaign's own key, so that who learns one campaign's key can forge no other's codes. */
export const campaignKey = (secret: Buffer, campaignId: string): Buffer =>
  createHmac('sha256', secret).update(`campaign:${campaignId}`).digest();

/**
 * Codes for serial numbers (1 to 2^50) of campaign `number`: its number, the serial under a secret permutation, and a check
 * digit, in Crockford's base 32. One to one, so unique without looking anything up; the same serial always gives the same
 * code; without the key no code follows from another. All codes of a call share their cipher passes.
 */
export function codesFor(key: Buffer, number: number, serials: number[]): string[] {
  const prefix = digitsOf(number, CAMPAIGN_DIGITS);
  return permute(key, serials).map((value) => appendCheck(prefix + digitsOf(value, SERIAL_DIGITS)));
}

function permute(key: Buffer, serials: number[]): number[] {
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  let left = serials.map((serial) => Math.floor((serial - 1) / 2 ** HALF_BITS));
  let right = serials.map((serial) => (serial - 1) & HALF_MASK);
  const blocks = Buffer.alloc(16 * serials.length);
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < serials.length; i++) {
      blocks.writeUInt32BE(round, 16 * i);
      blocks.writeUInt32BE(right[i]!, 16 * i + 4);
    }
    const mixed = cipher.update(blocks);
    const next = left.map((half, i) => (half ^ mixed.readUInt32BE(16 * i)) & HALF_MASK);
    left = right;
    right = next;
  }
  return left.map((half, i) => half * 2 ** HALF_BITS + right[i]!);
}
