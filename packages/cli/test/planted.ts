import { create } from '@bufbuild/protobuf';
import { outcomeId, uuidOf } from '@lingquan/events';
import { CampaignStatus, CouponEventSchema } from '@lingquan/events/coupon.ts';
import { digestOf, orderIn } from '../src/audit/event.ts';
import type { AuditEvent } from '../src/audit/event.ts';
import { startLedger } from '../src/audit/ledger.ts';
import type { Ledger } from '../src/audit/ledger.ts';

type Fact = AuditEvent['fact'];

/** The n-th push or command's id, in tests. */
export const cause = (n: number): string => uuidOf('test', String(n));

/** An event of the campaign c1, caused by the n-th push or command; `more` says what the case is about. */
function event(n: number, type: string, fact: Fact, more: Partial<AuditEvent>): AuditEvent {
  const fields = {
    type,
    timeMs: 1000 + n,
    causeId: cause(n),
    appid: 'wx1',
    openid: `o${n}`,
    campaignId: 'c1',
    code: '',
    outTradeNo: '',
    ...more,
  };
  return {
    id: outcomeId(fields.causeId, type),
    partition: 0,
    offset: n,
    fact,
    digest: digestOf({ ...fields, valueMd5: '' }),
    ...fields,
  };
}

const factOf = (init: Parameters<typeof create<typeof CouponEventSchema>>[1]) => create(CouponEventSchema, init).event;

export const created = (
  n: number,
  terms: { stock: number; limit?: number; opensAtMs?: number; closesAtMs?: number },
): AuditEvent => {
  const seconds = (ms: number) => ({ seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 });
  const { stock, limit = 1, opensAtMs, closesAtMs } = terms;
  const window = {
    ...(opensAtMs !== undefined && { opensAt: seconds(opensAtMs) }),
    ...(closesAtMs !== undefined && { closesAt: seconds(closesAtMs) }),
  };
  const value = { terms: { stock: BigInt(stock), limitPerUser: limit, ...window } };
  return event(n, 'campaign.created', factOf({ event: { case: 'campaignCreated', value } }), { openid: '' });
};

export const changed = (n: number, stock: number, status: CampaignStatus = CampaignStatus.LIVE): AuditEvent =>
  event(
    n,
    'campaign.changed',
    factOf({ event: { case: 'campaignChanged', value: { stock: BigInt(stock), status } } }),
    {
      openid: '',
    },
  );

export const claim = (n: number, more: Partial<AuditEvent> = {}): AuditEvent =>
  event(n, 'coupon.claimed', factOf({ event: { case: 'couponClaimed', value: {} } }), { code: `CODE-${n}`, ...more });

export const refusal = (n: number, more: Partial<AuditEvent> = {}): AuditEvent =>
  event(n, 'coupon.claim_refused', factOf({ event: { case: 'couponClaimRefused', value: {} } }), more);

export function ledgerOf(...events: AuditEvent[]): Ledger {
  const ledger = startLedger();
  for (const one of events) ledger.take(one);
  return ledger;
}

/** A fact about the coupon of the n-th claim, caused by `by`; facts of one coupon stand in one partition, in the order of `by`. */
function life(n: number, by: number, fact: Fact, more: Partial<AuditEvent> = {}): AuditEvent {
  const type = `coupon.${(fact.case ?? '').replace('coupon', '').toLowerCase()}`;
  return event(by, type, fact, { openid: `o${n}`, code: `CODE-${n}`, outTradeNo: orderIn(fact), ...more });
}

const code = (n: number) => ({ code: `CODE-${n}` });
const atMs = (ms: number) => ({ seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 });
const byOrder = (outTradeNo: string) => ({ case: 'order', value: { outTradeNo } }) as const;

/** The n-th claim, of a coupon that can be used before `expiresAtMs`. */
export const claimUntil = (n: number, expiresAtMs: number): AuditEvent =>
  event(n, 'coupon.claimed', factOf({ event: { case: 'couponClaimed', value: { expiresAt: atMs(expiresAtMs) } } }), {
    code: `CODE-${n}`,
  });

export const locked = (n: number, by: number, outTradeNo: string, untilMs = Number.MAX_SAFE_INTEGER): AuditEvent =>
  life(n, by, factOf({ event: { case: 'couponLocked', value: { ...code(n), outTradeNo, until: atMs(untilMs) } } }));

export const released = (n: number, by: number, outTradeNo: string): AuditEvent =>
  life(n, by, factOf({ event: { case: 'couponReleased', value: { ...code(n), outTradeNo } } }));

/** Used by an order, or at a till when none is named. */
export const redeemed = (n: number, by: number, outTradeNo?: string): AuditEvent => {
  const use = outTradeNo === undefined ? ({ case: 'till', value: { shop: 's' } } as const) : byOrder(outTradeNo);
  return life(n, by, factOf({ event: { case: 'couponRedeemed', value: { ...code(n), by: use } } }));
};

export const returned = (n: number, by: number, outTradeNo: string): AuditEvent =>
  life(n, by, factOf({ event: { case: 'couponReturned', value: { ...code(n), outTradeNo } } }));

export const expired = (n: number, by: number): AuditEvent =>
  life(n, by, factOf({ event: { case: 'couponExpired', value: code(n) } }));

export const revoked = (n: number, by: number): AuditEvent =>
  life(n, by, factOf({ event: { case: 'couponRevoked', value: code(n) } }));
