/** How far a signature's time may be from ours, both ways (reference B.3). */
export const skewSecondsMax = 300;

/** Whether a signature's time, in seconds, is close enough to now. */
export const isTimely = (timestamp: string, nowSeconds: number): boolean =>
  Math.abs(nowSeconds - Number(timestamp)) <= skewSecondsMax;
