import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { getJson } from '../json.ts';

const couponCommandOutcome = z.object({
  commandId: z.string(),
  outcome: z.enum(['done', 'refused']),
  reason: z.string().nullish(),
  message: z.string().nullish(),
});
export type CommandOutcome = z.output<typeof couponCommandOutcome>;

/** When and for what a coupon may be used, as coupon-issuer shows it; what is absent sets no bound. */
const rules = z.object({
  validFrom: z.string().nullish(),
  validUntil: z.string().nullish(),
  validDays: z.number().nullish(),
  weekdays: z.array(z.number()).default([]),
  hours: z.array(z.object({ fromMinute: z.number(), untilMinute: z.number() })).default([]),
  scope: z
    .object({
      goods: z.array(z.string()).default([]),
      categories: z.array(z.string()).default([]),
      shops: z.array(z.string()).default([]),
    })
    .prefault({}),
});
export type Rules = z.output<typeof rules>;

const campaign = z.object({
  campaignId: z.string(),
  appid: z.string(),
  name: z.string(),
  keyword: z.string(),
  match: z.string(),
  kind: z.string(),
  valueFen: z.number(),
  percent: z.number(),
  thresholdFen: z.number(),
  capFen: z.number().default(0),
  rules: rules.optional(),
  stock: z.number(),
  claimed: z.number(),
  limit: z.number(),
  status: z.string(),
  opensAt: z.string().nullable(),
  closesAt: z.string().nullable(),
});
const coupon = z.object({
  code: z.string(),
  appid: z.string(),
  openid: z.string(),
  campaignId: z.string(),
  campaignName: z.string(),
  kind: z.string(),
  valueFen: z.number(),
  percent: z.number(),
  capFen: z.number(),
  thresholdFen: z.number(),
  rules,
  state: z.string(),
  claimedAt: z.string(),
  validFrom: z.string().nullish(),
  expiresAt: z.string().nullish(),
  lockedBy: z.string().nullish(),
  lockedUntil: z.string().nullish(),
  redeemedAt: z.string().nullish(),
  redeemedBy: z
    .union([z.object({ outTradeNo: z.string() }), z.object({ shop: z.string(), cashier: z.string() })])
    .nullish(),
});
/** A coupon as coupon-issuer shows it. */
export type Coupon = z.output<typeof coupon>;

/** A campaign as coupon-issuer shows it. */
export type Campaign = z.output<typeof campaign>;

const ASK_EVERY_MS = 25;
const COMMAND_WAIT_MS = 15_000;

/** coupon-issuer's questions and answers over HTTP. Every call rejects with `unavailable` when it does not answer. */
export function issuerClient(url: string) {
  const get = <S extends z.ZodType>(path: string, schema: S) => getJson('coupon-issuer', url + path, schema);
  return {
    /** Undefined when there is no such campaign. */
    campaign: (id: string): Promise<Campaign | undefined> => get(`/campaigns/${encodeURIComponent(id)}`, campaign),
    campaigns: async (appid?: string): Promise<Campaign[]> => {
      const query = appid === undefined ? '' : `?appid=${encodeURIComponent(appid)}`;
      return (await get(`/campaigns${query}`, z.object({ items: z.array(campaign) })))?.items ?? [];
    },
    /** Undefined when no coupon has this code. */
    coupon: (code: string): Promise<Coupon | undefined> => get(`/coupons/${encodeURIComponent(code)}`, coupon),
    /** Waits until a command was handled; rejects with `unavailable` after 15 s, saying that it still will be. */
    outcome: async (commandId: string): Promise<CommandOutcome> => {
      const until = Date.now() + COMMAND_WAIT_MS;
      for (;;) {
        const outcome = await get(`/commands/${commandId}`, couponCommandOutcome);
        if (outcome !== undefined) return outcome;
        if (Date.now() > until)
          throw new AppError(
            'unavailable',
            `命令已写入，但 ${COMMAND_WAIT_MS / 1000} 秒内没有处理；恢复后会处理，用 campaign list 查看 · the command is on record but was not handled in time; it will be, see campaign list`,
          );
        await delay(ASK_EVERY_MS);
      }
    },
  };
}
