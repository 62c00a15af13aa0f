/** Crockford's base 32, without I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The digits' values by character code; 255 is no digit. */
const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < 32; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Times 2 in GF(32), x^5 + x^2 + 1. */
const doubled = (value: number): number => (value & 16 ? ((value << 1) ^ 0b100101) & 31 : value << 1);

/** Digits before the check digit when there are fewer than 1000 campaigns: three for the campaign, ten for the serial. */
const SERIAL_DIGITS = 10;

/**
 * Whether a code's last digit is the check digit of those before it: the sum of the digits, each times 2 to the power of its
 * place from the right, over GF(32). Written apart from the issuer's, so that the proof does not lean on what it proves.
 */
export function isSound(code: string): boolean {
  if (code.length < SERIAL_DIGITS + 2 || code.length > 31) return false;
  let sum = 0;
  // Horner: doubling all so far as each digit comes gives the leftmost the highest power.
  for (let place = 0; place < code.length; place++) {
    const value = VALUES[code.charCodeAt(place)] ?? 255;
    if (value === 255) return false;
    sum = doubled(sum) ^ value;
  }
  return sum === 0;
}

/** The digits that stand for the campaign. */
export const campaignDigits = (code: string): string => code.slice(0, -SERIAL_DIGITS - 1);
