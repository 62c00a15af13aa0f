import type { Last } from '@lingquan/postgres';
import type { PoolClient } from 'pg';
import { packRules } from '../codec/coupon.ts';
import type { Settled } from '../domain/attempt.ts';
import type { Rules } from '../domain/rules.ts';
import { shownCode } from '../store/claims.ts';
import { copyInto, rowWriter } from './copy.ts';

const claimColumns = ['event_id', 'campaign_id', 'appid', 'openid', 'decided_at', 'refusal', 'code'];
const couponColumns = [
  'code', 'campaign_id', 'serial', 'appid', 'openid', 'cause_id', 'claimed_at', 'expires_at', 'kind', 'value_fen', 'percent', 'threshold_fen',
  'cap_fen', 'rules',
]; // prettier-ignore

const packed = new WeakMap<Rules, { bytes: Buffer | null }>();

function packedRules(rules: Rules): Buffer | null {
  let known = packed.get(rules);
  if (known === undefined) packed.set(rules, (known = { bytes: packRules(rules) }));
  return known.bytes;
}

const [claims, coupons] = [rowWriter(), rowWriter()];

/** Writes what the service's `saveClaims` writes, as COPY: campaigns are in memory here, and a third of the time is left. */
export function copyClaims(client: PoolClient, settled: Settled[], claimed: Map<string, number>, last: Last): void {
  let granted = false;
  for (const { attempt, outcome } of settled) {
    if (outcome.kind === 'no rule') continue;
    const { envelope, appid, openid } = attempt;
    const { campaign } = outcome;
    claims.row(claimColumns.length);
    claims.uuid(envelope.id);
    claims.text(campaign.id);
    claims.text(appid);
    claims.text(openid);
    claims.instant(envelope.timeMs);
    claims.smallint(outcome.kind === 'granted' ? 0 : outcome.refusal);
    claims.text(shownCode(outcome));
    if (outcome.kind !== 'granted') continue;
    granted = true;
    const { coupon, expiresAtMs } = outcome;
    const { kind, valueFen, percent, thresholdFen, capFen } = campaign.worth;
    coupons.row(couponColumns.length);
    coupons.text(coupon.code);
    coupons.text(campaign.id);
    coupons.bigint(coupon.serial);
    coupons.text(appid);
    coupons.text(openid);
    coupons.uuid(envelope.id);
    coupons.instant(envelope.timeMs);
    coupons.instant(expiresAtMs);
    coupons.smallint(kind);
    coupons.bigint(valueFen);
    coupons.int(percent);
    coupons.bigint(thresholdFen);
    coupons.bigint(capFen);
    coupons.bytes(packedRules(campaign.rules));
  }
  if (settled.length > 0) last(copyInto(client, 'claim', claimColumns, claims.take()));
  if (!granted) return;
  last(copyInto(client, 'coupon', couponColumns, coupons.take()));
  last(
    client
      .query({
        name: 'replay-claimed',
        text: `update campaign c set claimed = n.claimed from unnest($1::text[], $2::bigint[]) as n (id, claimed) where c.id = n.id`,
        values: [[...claimed.keys()], [...claimed.values()]],
      })
      .then(() => undefined),
  );
}
