import { create } from '@bufbuild/protobuf';
import { outcomeId, uuidOf } from '@lingquan/events';
import { CampaignStatus, CouponEventSchema } from '@lingquan/events/coupon.ts';
import { digestOf } from '../src/audit/event.ts';
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
