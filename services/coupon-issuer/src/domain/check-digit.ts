/** Crockford's base 32: no I, L, O and U, so that no two digits look alike. https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VALUES = new Map([...ALPHABET].map((digit, value) => [digit, value]));
/** What people type instead. */
const LOOKALIKES: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** `value` (an integer from 0 to 2^53) in base 32, zeros in front up to `length` digits; longer when it needs more. */
export function digitsOf(value: number, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0 || digits.length < length; rest = Math.floor(rest / 32))
    digits = ALPHABET[rest % 32]! + digits;
  return digits;
}

/** Powers of a generator of GF(32), x^5 + x^2 + 1: the weight of each place, all different up to 31 digits. */
const POWERS: readonly number[] = Array.from({ length: 31 }).reduce<number[]>(
  (powers) => [...powers, double(powers.at(-1) ?? 0)],
  [],
);

function double(value: number): number {
  if (value === 0) return 1;
  return value & 16 ? ((value << 1) ^ 0b100101) & 31 : value << 1;
}

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0, shifted = a; bit < 5; bit++, shifted = shifted === 0 ? 0 : double(shifted))
    if ((b >> bit) & 1) product ^= shifted;
  return product;
}

/** What a digit adds to the check, by 32 times its place from the end: every code of every claim has it reckoned. */
const WEIGHED = Uint8Array.from(POWERS.flatMap((power) => [...ALPHABET].map((_, value) => times(value, power))));

function weighed(digits: string, from: number): number {
  let sum = 0;
  for (let at = digits.length - 1, place = from; at >= 0; at--, place++)
    sum ^= WEIGHED[32 * place + VALUES.get(digits[at]!)!]!;
  return sum;
}

/**
 * Appends one digit so that any single wrong digit and any two digits swapped are noticed: a Reed-Solomon check over
 * GF(32), at most 30 digits before it.
 */
export const appendCheck = (digits: string): string => digits + ALPHABET[weighed(digits, 1)]!;

/** A typed code as it was issued (case, blanks, hyphens and look-alikes forgiven), or undefined when it cannot be one. */
export function readCode(typed: string): string | undefined {
  const code = [...typed.toUpperCase().replaceAll(/[\s-]/g, '')].map((digit) => LOOKALIKES[digit] ?? digit).join('');
  if (code.length < 2 || code.length > 31 || [...code].some((digit) => !VALUES.has(digit))) return undefined;
  return appendCheck(code.slice(0, -1)) === code ? code : undefined;
}
