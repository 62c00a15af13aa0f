import type { Notification } from '../src/index.ts';
import type { LocalOrder } from './vectors.ts';

/** The least merchant that the vectors' scenarios need: one order, paid and fulfilled once (reference D.5). */
export function merchantWith({
  out_trade_no,
  total,
  currency,
  mchid,
  appid,
  state,
  paid_fen,
  fulfilments,
}: LocalOrder) {
  const order = { state, paid_fen, refunded_fen: 0, fulfilments };
  return {
    take({ content }: Notification): '2xx' | '5xx' {
      if (content.kind !== 'transaction') return '2xx';
      const { transaction } = content;
      const fits =
        transaction.mchid === mchid &&
        transaction.appid === appid &&
        transaction.outTradeNo === out_trade_no &&
        transaction.tradeState === 'SUCCESS' &&
        transaction.totalFen === total &&
        transaction.currency === currency;
      if (!fits) return '5xx';
      if (order.state === 'NOTPAY') Object.assign(order, { state: 'SUCCESS', paid_fen: total, fulfilments: 1 });
      return '2xx';
    },
    state: () => order,
  };
}
