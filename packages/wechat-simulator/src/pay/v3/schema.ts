import { z } from 'zod';
import { isOutRefundNo, isOutTradeNo } from '@lingquan/wechat-pay';
import { type Detail, refuse } from '../rules/refusal.ts';

/** Characters of four bytes are not taken (reference 0.3). */
const hasAstral = (text: string): boolean => /[\u{10000}-\u{10ffff}]/u.test(text);

const text = (max: number) => z.string().min(1).max(max);
const fen = z.number().int().min(1).max(2_147_483_647); // client libraries have 32 bits
const currency = z.literal('CNY');

/** Reachable without a query (reference B.6); http is tolerated. */
export const isNotifyUrl = (url: string): boolean => /^https?:\/\/[^\s?#]+$/.test(url);
const notifyUrl = (max: number) => text(max).refine(isNotifyUrl, '通知URL必须为直接可访问的URL，不允许携带查询串');

const goods = z.object({
  merchant_goods_id: text(32),
  quantity: z.number().int().min(1),
  unit_price: z.number().int().min(0),
});
const sceneInfo = z.object({
  payer_client_ip: text(45).optional(),
  device_id: text(32).optional(),
  store_info: z
    .object({ id: text(32) })
    .loose()
    .optional(),
  h5_info: z
    .object({ type: text(32) })
    .loose()
    .optional(),
});

const prepayFields = {
  appid: text(32),
  mchid: text(32),
  description: text(127),
  out_trade_no: z.string().refine(isOutTradeNo, '6到32个字符，只能是数字、大小写字母_-|*'),
  time_expire: text(64).optional(),
  attach: text(128).optional(),
  notify_url: notifyUrl(255),
  goods_tag: text(32).optional(),
  limit_pay: z.array(z.string()).optional(),
  support_fapiao: z.boolean().optional(),
  amount: z.object({ total: fen, currency: currency.optional() }),
  detail: z
    .object({
      cost_price: z.number().int().min(0).optional(),
      invoice_id: text(32).optional(),
      goods_detail: z.array(goods.loose()).optional(),
    })
    .optional(),
  settle_info: z.object({ profit_sharing: z.boolean().optional() }).optional(),
};

const payer = z.object({ openid: text(128) });
const noPayer = { payer: z.object({ openid: text(128).optional() }).optional() };

/** The bodies of the prepay calls (reference B.7), by product. */
export const prepayShapes = {
  jsapi: z.object({ ...prepayFields, payer, scene_info: sceneInfo.optional() }),
  app: z.object({ ...prepayFields, ...noPayer, scene_info: sceneInfo.optional() }),
  native: z.object({ ...prepayFields, ...noPayer, scene_info: sceneInfo.optional() }),
  h5: z.object({
    ...prepayFields,
    ...noPayer,
    scene_info: sceneInfo.extend({ payer_client_ip: text(45), h5_info: z.object({ type: text(32) }).loose() }),
  }),
} as const;

export const closeShape = z.object({ mchid: text(32) });

/** The body of a refund (reference B.11). */
export const refundShape = z.object({
  transaction_id: text(32).optional(),
  out_trade_no: text(32).optional(),
  out_refund_no: z.string().refine(isOutRefundNo, '1到64个字符，只能是数字、大小写字母_-|*@'),
  reason: text(80).optional(),
  notify_url: notifyUrl(256).optional(),
  funds_account: z.enum(['AVAILABLE', 'UNSETTLED']).optional(),
  amount: z.object({
    refund: fen,
    total: fen,
    currency,
    from: z.array(z.object({ account: z.enum(['AVAILABLE', 'UNAVAILABLE']), amount: fen })).optional(),
  }),
  goods_detail: z.array(z.object({ merchant_goods_id: text(32) }).loose()).optional(),
});

export const abnormalRefundShape = z.object({
  out_refund_no: text(64),
  type: z.enum(['USER_BANK_CARD', 'MERCHANT_BANK_CARD']),
  bank_type: text(16).optional(),
  bank_account: text(1024).optional(),
  real_name: text(1024).optional(),
});

/** A value of the request, checked. Refuses with PARAM_ERROR and the place (reference B.1). */
export function checked<S extends z.ZodType>(shape: S, value: unknown, location: Detail['location']): z.output<S> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const found = path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown> | undefined)?.[name], value);
  const field = `/${path.map(String).join('/')}`;
  const detail: Detail = {
    field,
    issue: issue?.message ?? 'invalid',
    location,
    ...(found !== undefined && { value: found }),
  };
  return refuse('PARAM_ERROR', found === undefined ? `参数${field}缺失` : `参数${field}不符合规则`, detail);
}

/** The JSON object of a request's bytes. */
export function bodyObject(raw: Buffer): object {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString('utf8'));
  } catch {
    refuse('PARAM_ERROR', '请求的JSON格式错误', { field: '', issue: '无法解析为JSON', location: 'body' });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse('PARAM_ERROR', '请求的JSON格式错误', { field: '', issue: '不是JSON对象', location: 'body' });
  if (hasAstral(JSON.stringify(value)))
    refuse('PARAM_ERROR', '只支持1到3字节的UTF-8字符', { field: '', issue: '含有4字节字符', location: 'body' });
  return value;
}
