import { z } from 'zod';
import type { Owner } from '../domain/owner.ts';
import { readAnswer } from './service.ts';
import type { Service } from './service.ts';

/** An order as payment tells it. Only what decisions here need is checked; the rest is shown as it comes. */
export type Order = z.output<typeof orderShape>;
const orderShape = z.looseObject({ outTradeNo: z.string(), appid: z.string(), openid: z.string(), state: z.string() });

const orderList = z.object({ items: z.array(orderShape), next: z.string().nullish() });

/** What the client hands to wx.requestPayment or WeixinJSBridge; signed by payment (reference B.8, A.5). */
export type PaymentParameters = z.output<typeof parametersShape>;
const parametersShape = z.object({
  appId: z.string(),
  timeStamp: z.string(),
  nonceStr: z.string(),
  package: z.string(),
  signType: z.string(),
  paySign: z.string(),
});

/** A platform certificate, PEM. Times are instants as text. */
export type PlatformCertificate = z.output<typeof certificateShape>;
const certificateShape = z.object({
  serialNo: z.string(),
  pem: z.string(),
  effectiveAt: z.string().nullish(),
  expiresAt: z.string().nullish(),
});
const certificateList = z.object({ certificates: z.array(certificateShape) });

export type Page = { cursor?: string | undefined; limit?: string | undefined };

/** What ingress asks payment. Everything rejects with `unavailable` while payment does not answer. */
export type PaymentQuestions = {
  /** Undefined when there is no such order (yet). Whose it is, is for the caller to look at. */
  order: (outTradeNo: string) => Promise<Order | undefined>;
  orders: (owner: Owner, page: Page) => Promise<{ items: Order[]; next?: string | null | undefined }>;
  /** Undefined when the order cannot be paid now. */
  parameters: (outTradeNo: string) => Promise<PaymentParameters | undefined>;
  certificates: () => Promise<PlatformCertificate[]>;
};

export function askPayment(payment: Service): PaymentQuestions {
  return {
    order: async (outTradeNo) => {
      const answer = await payment.get(`/orders/${encodeURIComponent(outTradeNo)}`);
      return answer.status === 404 ? undefined : readAnswer(orderShape, answer);
    },
    orders: async ({ appid, openid }, { cursor, limit }) =>
      readAnswer(orderList, await payment.get('/orders', { appid, openid, cursor, limit })),
    parameters: async (outTradeNo) => {
      const answer = await payment.get(`/orders/${encodeURIComponent(outTradeNo)}/payment`);
      return answer.status === 409 || answer.status === 404 ? undefined : readAnswer(parametersShape, answer);
    },
    certificates: async () => readAnswer(certificateList, await payment.get('/platform-keys')).certificates,
  };
}
