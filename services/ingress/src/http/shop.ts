import type { Account } from '@lingquan/accounts';
import type { Log } from '@lingquan/log';
import type { OutgoingRecord } from '@lingquan/kafka';
import type { Logins } from '@lingquan/wechat-api';
import type { Language } from '@lingquan/wording';
import type { Asks } from '../asks/asks.ts';
import type { Config } from '../config.ts';
import type { Goods } from '../domain/goods.ts';
import type { CouponQuestions } from '../questions/coupon-issuer.ts';
import type { PaymentQuestions } from '../questions/payment.ts';
import type { Sessions } from '../store/sessions.ts';
import type { ApiRoute } from './api/call.ts';
import { couponsRoute } from './api/coupons.ts';
import { createOrderRoute } from './api/create-order.ts';
import { goodsRoute } from './api/goods.ts';
import { loginRoute } from './api/login.ts';
import { cancelOrderRoute, listOrdersRoute, orderPaymentRoute, orderRoute } from './api/orders.ts';
import { orderView } from './api/order-view.ts';
import { quotesRoute } from './api/quotes.ts';
import { Refusal } from './api/refusal.ts';
import { refundsRoute } from './api/refunds.ts';
import { redemptionsRoute } from './till/redemptions.ts';

export type ShopOptions = {
  accounts: readonly Account[];
  logins: Logins;
  loginsPerAddressPerMinute: number | undefined;
  sessions: Sessions;
  asks: Asks;
  publish: (record: OutgoingRecord) => Promise<void>;
  payment: PaymentQuestions;
  issuer: CouponQuestions;
  goods: Goods;
  language: Language;
  payMs: number;
  refundsByShoppers: Config['refundsByShoppers'];
  tillToken: string | undefined;
  /** Whether this system takes payments. */
  takesPayments: boolean;
  log: Log;
};

/** Every address of shoppers and tills. */
export function shopRoutes(options: ShopOptions): ApiRoute[] {
  const { payment, issuer, goods, language, takesPayments } = options;
  const view = orderView(options.refundsByShoppers);
  const orders: ApiRoute[] = [
    createOrderRoute({ ...options, view }),
    listOrdersRoute(payment, view),
    orderRoute(payment, view),
    orderPaymentRoute(payment),
    cancelOrderRoute({ ...options, view }),
    refundsRoute(options),
  ];
  return [
    loginRoute({ ...options, perAddressPerMinute: options.loginsPerAddressPerMinute }),
    goodsRoute(goods),
    couponsRoute(issuer),
    quotesRoute({ issuer, goods, language }),
    ...(takesPayments ? orders : orders.map(notConfigured)),
    redemptionsRoute(options),
  ];
}

const notConfigured = ({ method, path }: ApiRoute): ApiRoute => ({
  method,
  path,
  access: 'anyone',
  admit: () => {
    throw new Refusal('not_configured');
  },
  handle: () => ({ status: 503, body: undefined }),
});
