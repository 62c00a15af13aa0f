import { withoutIllegal } from '@lingquan/wechat/fields.ts';

/** How many bytes of UTF-8 the platform takes, by field (reference A.4, A.8, B.7, B.11): the smaller where pages differ. */
export const bytesMax = { description: 127, attach: 127, reason: 80 } as const;

/**
 * A text as WeChat Pay takes it: without characters of four bytes (emoji; reference 0.3) and without what XML forbids, cut
 * between characters to `max` bytes of UTF-8.
 */
export function fitText(text: string, max: number): string {
  const plain = withoutIllegal(text).replaceAll(/[\u{10000}-\u{10ffff}]/gu, '');
  if (Buffer.byteLength(plain) <= max) return plain;
  let end = 0;
  let bytes = 0;
  for (const character of plain) {
    bytes += Buffer.byteLength(character);
    if (bytes > max) break;
    end += character.length;
  }
  return plain.slice(0, end);
}
