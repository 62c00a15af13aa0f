import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { createRecording, openRecording } from '@lingquan/recording';
import { lingquan } from './lingquan.ts';
import { replayableSystem } from './replayable.ts';

jest.setTimeout(120_000);

const journal = topics.couponJournal.name;
let replayable: Awaited<ReturnType<typeof replayableSystem>>;
beforeAll(async () => void (replayable = await replayableSystem('cli-ends')));
afterAll(() => replayable[Symbol.asyncDispose]());

/** The recording without the lines of the journal that `keep` turns down, given their place and how many there are. */
async function withJournal(name: string, keep: (place: number, of: number) => boolean): Promise<string> {
  const path = join(replayable.dir, name);
  await using recorded = await openRecording(replayable.file);
  const of = recorded.partitions.find(({ topic }) => topic === journal)!.count;
  const writer = await createRecording(path, { ranges: recorded.meta.ranges });
  let place = 0;
  for await (const batch of recorded.read())
    await writer.append(batch.filter(({ topic }) => topic !== journal || keep(place++, of)));
  await writer.finish();
  return path;
}

test('what does not begin at the beginning is refused, or decided with a warning', async () => {
  const { env, campaignId } = replayable;
  const tail = await withJournal('tail.lqrec', (place) => place >= 2);
  for (const command of [
    ['replay', tail],
    ['what-if', tail, '--campaign', campaignId, '--stock', '10'],
  ]) {
    const refused = await lingquan(env, ...command, '--system', 'tail');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/--from-middle.*coupon\.journal\[0\]@0–1/);
  }
  const { code, err, json } = await lingquan(env, 'replay', tail, '--system', 'tail', '--from-middle', '--json');
  expect(err).toMatch(/⚠.*coupon\.journal\[0\]@0–1/);
  expect(code).toBe(1); // nobody knows the campaign, so nothing is claimed
  const { replay, types } = json() as { replay: { decided: number }; types: { type: string; b: number }[] };
  expect(replay.decided).toBeGreaterThan(30);
  expect(types.find(({ type }) => type === 'coupon.claimed')?.b ?? 0).toBe(0);
});

test('what the recorded journal had not decided yet is left out of what is compared', async () => {
  const { env, campaignId } = replayable;
  const rest = await withJournal('rest.lqrec', (place, of) => place < of - 2);
  const { code, json } = await lingquan(env, 'replay', rest, '--system', 'rest', '--json');
  expect(code).toBe(0);
  const { replay, types, ...report } = json() as {
    same: boolean;
    undecidedLeftOut: number;
    replay: { decided: number; undecided: number };
    types: { type: string; a: number; b: number }[];
  };
  expect(replay.undecided).toBeGreaterThan(0);
  expect(replay.decided + replay.undecided).toBe(152);
  // Every push undecided has a fact and a reply; a change of the stock has a fact.
  expect(report.same).toBe(true);
  expect(report.undecidedLeftOut).toBeGreaterThanOrEqual(replay.undecided);
  const replies = types.find(({ type }) => type === 'ingress.reply')!;
  expect(replies.a).toBe(replies.b);
  const human = await lingquan(env, 'replay', rest, '--system', 'rest');
  expect(human.out).toContain(`${report.undecidedLeftOut} 条`);
  const whatIf = await lingquan(env, 'what-if', rest, '--campaign', campaignId, '--limit', '1', '--json');
  expect(whatIf.json()).toMatchObject({ gained: 0, lost: 0 });
});

test('without a file, what the running system holds is decided again', async () => {
  const { env } = replayable;
  const { code, json } = await lingquan(env, 'replay', '--system', 'live', '--json');
  expect(json()).toMatchObject({ same: true, replay: { decided: 152, undecided: 0 } });
  expect(code).toBe(0);
  const middle = await lingquan(env, 'replay', '--from', 'now', '--system', 'live', '--json');
  expect(middle.json()).toMatchObject({ replay: { decided: 0 } }); // nothing is missing of what did not happen
});
