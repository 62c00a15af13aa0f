import { timestampMs } from '@bufbuild/protobuf/wkt';
import { AppError } from '@lingquan/errors';
import { CouponKind } from '@lingquan/events/coupon.ts';
import type { RedemptionOutcome } from '@lingquan/events/coupon.ts';
import { wordRedeemed, wordUnusable } from '@lingquan/wording';
import type { Language } from '@lingquan/wording';
import { z } from 'zod';
import type { Asks } from '../../asks/asks.ts';
import { QUANTITY_MAX } from '../../domain/basket.ts';
import type { PricedLine } from '../../domain/basket.ts';
import { couponCodeOf } from '../../domain/coupon-code.ts';
import type { Goods } from '../../domain/goods.ts';
import { bearerOf, sameSecret } from '../../domain/secret.ts';
import { reasonName } from '../../domain/unusable.ts';
import { redeemCoupon } from '../../publish/commands.ts';
import type { ApiAnswer, ApiRoute } from '../api/call.ts';
import { ok } from '../api/call.ts';
import { checked } from '../api/check.ts';
import { isIdempotencyKey } from '../api/idempotency.ts';
import { LINES_MAX, pricedLines, shopShape } from '../api/lines.ts';
import { Refusal } from '../api/refusal.ts';

export type RedemptionOptions = {
  /** Undefined: no tills here. */
  tillToken: string | undefined;
  asks: Asks;
  goods: Goods;
  language: Language;
};

const FEN_MAX = 100_000_000;

/** A till may price its lines itself, unlike a shopper: who holds its token takes the money. */
const line = z.strictObject({
  sku: z.string().min(1).max(64),
  quantity: z.int().min(1).max(QUANTITY_MAX),
  name: z.string().trim().min(1).max(64).optional(),
  category: z.string().trim().max(64).optional(),
  unitPriceFen: z.int().min(0).max(FEN_MAX).optional(),
});

const shape = z
  .strictObject({
    code: z.string().min(1).max(64).optional(),
    qr: z.string().min(1).max(128).optional(),
    shop: shopShape,
    cashier: shopShape,
    idempotencyKey: z.string().refine(isIdempotencyKey),
    amountFen: z.int().min(1).max(FEN_MAX).optional(),
    lines: z.array(line).min(1).max(LINES_MAX).optional(),
  })
  .refine(({ code, qr }) => (code === undefined) !== (qr === undefined), { path: ['code'] })
  .refine(({ amountFen, lines }) => amountFen === undefined || lines === undefined, { path: ['amountFen'] });

/**
 * `POST /redemptions` by a till, with `Authorization: Bearer TILL_TOKEN`: uses a coupon up, or says why it cannot be used. Too late: 202,
 * and the same idempotencyKey asked again gets the answer. A key stands for its first redemption, also when another code is sent with it.
 */
export function redemptionsRoute({ tillToken, asks, goods, language }: RedemptionOptions): ApiRoute {
  function linesOf(lines: readonly z.output<typeof line>[]): PricedLine[] {
    return lines.flatMap(({ sku, quantity, name, category, unitPriceFen }) =>
      unitPriceFen === undefined
        ? pricedLines([{ sku, quantity }], goods)
        : [{ sku, name: name ?? sku, category: category ?? goods.find(sku)?.category ?? '', unitPriceFen, quantity }],
    );
  }

  return {
    method: 'POST',
    path: '/redemptions',
    access: 'anyone',
    // Looked at before the body is read.
    admit: ({ header }) => {
      if (tillToken === undefined) throw new Refusal('not_configured');
      if (!sameSecret(bearerOf(header('authorization')) ?? '', tillToken)) throw new Refusal('till_unknown');
    },
    handle: async ({ body, nowMs }) => {
      const { code: typed, qr, lines = [], amountFen = 0, ...till } = checked(shape, body);
      const code = couponCodeOf(typed ?? qr!);
      if (code === undefined) throw new Refusal('code_malformed');
      const command = redeemCoupon({ ...till, code, amountFen, lines: linesOf(lines) }, nowMs);
      const outcome = await asks.ask(command, nowMs);
      if (outcome === 'late') return late(till.idempotencyKey);
      if (outcome.case !== 'redemption')
        throw new AppError('internal', 'the issuer answered a till with something else');
      return ok(outcomeView(outcome.value, nowMs, language));
    },
  };
}

const late = (idempotencyKey: string): ApiAnswer => ({
  status: 202,
  body: {
    state: 'pending',
    idempotencyKey,
    message:
      '结果稍后就到，请用同一个 idempotencyKey 再查询一次 · the outcome is not in yet; ask again with the same idempotencyKey',
  },
});

const kinds = new Map<CouponKind, string>(Object.entries(CouponKind).map(([name, kind]) => [kind, name.toLowerCase()]));

function outcomeView(
  { code, campaignId, campaignName, value, outcome }: RedemptionOutcome,
  now: number,
  language: Language,
) {
  const coupon = { code, campaignId, campaignName };
  switch (outcome.case) {
    case 'redeemed': {
      const { discount, at } = outcome.value;
      const discountFen = discount?.totalFen ?? 0n;
      return {
        outcome: 'redeemed',
        ...coupon,
        kind: kinds.get(value?.kind ?? CouponKind.UNSPECIFIED) ?? 'unspecified',
        // Where the sum was not said the coupon's own value counts.
        worthFen: Number(discountFen || (value?.valueFen ?? 0n)),
        lineFen: (discount?.lineFen ?? []).map(Number),
        at: at === undefined ? null : new Date(timestampMs(at)).toISOString(),
        message: wordRedeemed({ campaignName, value, discountFen }, language),
      };
    }
    case 'refused': {
      const { reason, missingFen, atMs } = outcome.value;
      return {
        outcome: 'refused',
        ...coupon,
        reason: reasonName(reason),
        message: wordUnusable(reason, { missingFen, atMs, now }, language),
        ...(missingFen > 0n && { missingFen: Number(missingFen) }),
        ...(atMs > 0n && { at: new Date(Number(atMs)).toISOString() }),
      };
    }
    case undefined:
      throw new AppError('internal', 'the issuer answered a till with nothing');
    default:
      return outcome satisfies never;
  }
}
