/** Whether the whole text fits a keyword's pattern: `*` any run of characters, `?` any one. Linear in the text times the pattern. */
export function matchesPattern(pattern: string, text: string): boolean {
  // What the signs read so far can have reached in the text; one row at a time.
  const characters = [...text];
  let reached = new Uint8Array(characters.length + 1);
  reached[0] = 1;
  for (const sign of pattern) {
    const next = new Uint8Array(characters.length + 1);
    if (sign === '*') {
      let before = 0;
      for (let at = 0; at <= characters.length; at++) next[at] = before |= reached[at]!;
    } else {
      for (let at = 0; at < characters.length; at++)
        if (sign === '?' || sign === characters[at]) next[at + 1] = reached[at]!;
    }
    reached = next;
  }
  return reached[characters.length] === 1;
}
