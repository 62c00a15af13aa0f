import { ok as assert } from 'node:assert';

/**
 * Divides `total` over `parts` in proportion to them, by largest remainder: shares are whole, add up to `total`, and none is
 * greater than its part. Equal remainders: the earlier part first. Needs 0 <= total <= sum of parts, all whole; exact
 * however great.
 */
export function divide(total: number, parts: readonly number[]): number[] {
  let sum = 0;
  let greatest = 0;
  for (const part of parts) {
    sum += part;
    if (part > greatest) greatest = part;
  }
  assert(total >= 0 && total <= sum && Number.isSafeInteger(sum), 'a total is divided over at least as much');
  if (total === 0) return parts.map(() => 0);
  const { shares, remainders } =
    total * greatest <= Number.MAX_SAFE_INTEGER ? roughly(total, parts, sum) : roughlyGreat(total, parts, sum);
  let left = total;
  for (const share of shares) left -= share;
  if (left > 0) for (const place of greatestFirst(remainders).slice(0, left)) shares[place]! += 1;
  return shares;
}

type Rough = { shares: number[]; remainders: number[] };

function roughly(total: number, parts: readonly number[], sum: number): Rough {
  const remainders = parts.map((part) => (total * part) % sum);
  return { shares: parts.map((part, place) => (total * part - remainders[place]!) / sum), remainders };
}

/** The same where the products leave the whole numbers a double can hold: 5 times slower, for sums nobody pays. */
function roughlyGreat(total: number, parts: readonly number[], sum: number): Rough {
  const products = parts.map((part) => BigInt(total) * BigInt(part));
  return {
    shares: products.map((product) => Number(product / BigInt(sum))),
    remainders: products.map((product) => Number(product % BigInt(sum))),
  };
}

const greatestFirst = (remainders: readonly number[]): number[] =>
  remainders.map((_, place) => place).toSorted((a, b) => remainders[b]! - remainders[a]! || a - b);
