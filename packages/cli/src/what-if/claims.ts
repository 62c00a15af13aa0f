import { AppError } from '@lingquan/errors';
import { decode, topics } from '@lingquan/events';
import { CouponEventSchema, CouponKind } from '@lingquan/events/coupon.ts';
import type { Recording } from '@lingquan/recording';
import type { LinesFile } from '../lines-file.ts';
import type { Causes } from '../replay/undecided.ts';

/** What a campaign gave, and turned down. */
export type Given = {
  /** Coupons given, and to how many followers. */
  coupons: number;
  followers: number;
  refusals: number;
  /** What the coupons are worth at most: value, or cap of a percentage; fen. */
  costFen: number;
  /** Percentages without a cap: their cost is open. */
  withoutCap: number;
};

export type WhatIf = {
  before: Given;
  after: Given;
  /** Followers who get more than they got, and who get fewer. */
  gained: number;
  lost: number;
  /** Claims and refusals of what the recorded journal has no turn of: in neither. */
  undecidedLeftOut: number;
  /** A few of each, masked. */
  examples: { gained: string[]; lost: string[] };
};

const EXAMPLES = 5;

/** Holds what one campaign gave in an outcome against what it gave when it was recorded; who gained and lost goes to a file when there is one. */
export async function compareClaims(
  recorded: Recording,
  outcome: Recording,
  {
    campaignId,
    undecided,
    followersFile,
  }: { campaignId: string; undecided: Causes; followersFile: LinesFile | undefined },
): Promise<WhatIf> {
  const before = await readGiven(recorded, campaignId, undecided);
  const after = await readGiven(outcome, campaignId, undecided);
  if (!before.known) throw new AppError('invalid', `录制里没有这个活动 the recording has no campaign ${campaignId}`);
  const changed = [...new Set([...before.byFollower.keys(), ...after.byFollower.keys()])].flatMap((openid) => {
    const [was, would] = [before.byFollower.get(openid) ?? 0, after.byFollower.get(openid) ?? 0];
    return was === would ? [] : [{ openid, was, would }];
  });
  followersFile?.add('openid,coupons,coupons_what_if');
  for (const { openid, was, would } of changed) followersFile?.add(`${openid},${was},${would}`);
  const gained = changed.filter(({ was, would }) => would > was);
  const lost = changed.filter(({ was, would }) => would < was);
  const some = (list: typeof changed) =>
    list.slice(0, EXAMPLES).map(({ openid, was, would }) => `${masked(openid)} ${was} → ${would}`);
  return {
    before: before.given(),
    after: after.given(),
    gained: gained.length,
    lost: lost.length,
    undecidedLeftOut: before.leftOut(),
    examples: { gained: some(gained), lost: some(lost) },
  };
}

/** Enough to tell one from another on a screen, not to know who it is. */
const masked = (openid: string): string => `${openid.slice(0, 3)}…${openid.slice(-3)}`;

async function readGiven(recording: Recording, campaignId: string, undecided: Causes) {
  const byFollower = new Map<string, number>();
  let [coupons, refusals, costFen, withoutCap] = [0, 0, 0, 0];
  let known = false;
  let leftOut = 0;
  const seen = new Set<string>();
  for await (const batch of recording.read({ topics: [topics.couponEvents.name] })) {
    for (const { value, headers } of batch) {
      const type = String(headers['ce_type']);
      if (type !== 'coupon.claimed' && type !== 'coupon.claim_refused' && type !== 'campaign.created') continue;
      const event = decode(CouponEventSchema, value);
      if (event.campaignId !== campaignId) continue;
      known = true;
      if (event.event.case === 'campaignCreated' || seen.has(event.causeId)) continue; // published twice
      seen.add(event.causeId);
      if (undecided.has(event.causeId)) {
        leftOut++;
        continue;
      }
      if (event.event.case !== 'couponClaimed') {
        refusals++;
        continue;
      }
      coupons++;
      byFollower.set(event.openid, (byFollower.get(event.openid) ?? 0) + 1);
      const worth = event.event.value.value;
      if (worth?.kind === CouponKind.PERCENT && worth.capFen === 0n) withoutCap++;
      else costFen += Number(worth?.kind === CouponKind.PERCENT ? worth.capFen : (worth?.valueFen ?? 0n));
    }
  }
  const given = (): Given => ({ coupons, followers: byFollower.size, refusals, costFen, withoutCap });
  return { known, byFollower, given, leftOut: () => leftOut };
}
