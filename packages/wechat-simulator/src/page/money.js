const parts = (fen) => {
  const whole = Math.abs(fen);
  return [Math.floor(whole / 100), String(whole % 100).padStart(2, '0')];
};

/** Fen as a price: 1250 is ¥12.50, less than nothing −¥12.50. */
export function price(fen) {
  const [yuan, cents] = parts(fen);
  return `${fen < 0 ? '−' : ''}¥${yuan}.${cents}`;
}

/** Fen without superfluous zeros, as on a ticket: 500 is 5, 550 is 5.5, 505 is 5.05. */
export function plainYuan(fen) {
  const [yuan, cents] = parts(fen);
  const fraction = cents.replace(/0+$/, '');
  return fraction === '' ? String(yuan) : `${yuan}.${fraction}`;
}

/** Fen of what a person typed in yuan; undefined when it is not a sum above nothing. In integers: money is never a float. */
export function fenOf(text) {
  const match = /^[¥￥]?\s*(\d{1,7})(?:[.。](\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const fen = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return fen > 0 ? fen : undefined;
}
