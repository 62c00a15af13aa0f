import { isSound } from '../proof/check-digit.ts';

/** What people type instead of a digit that looks like it. */
const LOOKALIKES: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' };

/** A code as it was issued, from one as typed or scanned: case, blanks, hyphens and look-alikes are forgiven. Undefined when it cannot be one. */
export function issuedCode(typed: string): string | undefined {
  const digits = typed
    .replace(/^\s*lingquan:coupon:/i, '')
    .toUpperCase()
    .replaceAll(/[\s-]/g, '');
  const code = [...digits].map((digit) => LOOKALIKES[digit] ?? digit).join('');
  return isSound(code) ? code : undefined;
}
