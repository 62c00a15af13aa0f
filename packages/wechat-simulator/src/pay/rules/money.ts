/** The fee in fen: 0.6 %, rounded half up. */
export function feeFen(fen: number): number {
  return Math.floor((fen * 6 + 500) / 1000);
}
