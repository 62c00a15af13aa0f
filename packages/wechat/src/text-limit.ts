/**
 * Cuts a text to at most `bytesMax` bytes of UTF-8, "…" included, between characters and not inside a link: half an `<a>` would
 * be shown as markup. A text that fits comes back as it is.
 */
export function cutText(text: string, bytesMax: number): string {
  // A UTF-16 unit has at most 3 bytes: most texts need no counting.
  if (text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax) return text;
  let end = 0;
  let bytes = Buffer.byteLength(ellipsis);
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) break;
    end += character.length;
  }
  return `${withoutHalfLink(text.slice(0, end))}${ellipsis}`;
}

const ellipsis = '…';

function withoutHalfLink(text: string): string {
  const opened = text.lastIndexOf('<a ');
  const whole = opened === -1 || text.includes('</a>', opened);
  return whole ? text : text.slice(0, opened);
}
