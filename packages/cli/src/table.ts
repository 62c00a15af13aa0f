import stringWidth from 'string-width';

/** Text in columns, aligned on a terminal where a Chinese character is two cells wide. Cells that are numbers stand to the right. */
export function table(head: string[], rows: (string | number)[][]): string {
  const cells = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? ''))));
  const line = (row: (string | number)[]) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        const blank = ' '.repeat(width - stringWidth(String(cell)));
        return typeof cell === 'number' ? blank + cell : cell + blank;
      })
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

/** Fen as yuan: `¥5.00`. */
export const yuan = (fen: number): string => `¥${(fen / 100).toFixed(2)}`;
