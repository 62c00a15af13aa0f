import { expect, jest, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import { readTopic } from '@lingquan/test-kit';
import { replayed, told } from './replayed.ts';
import { replayedFromFile } from './replayed-from-file.ts';
import { command, createCampaign, issuerSystem, push } from './system.ts';

jest.setTimeout(120_000);

const CLAIMS = 'select event_id, campaign_id, appid, openid, decided_at, refusal, code from claim order by event_id';
const COUPONS = 'select * from coupon order by code';

test('the recorded topics, decided again in journal order on an empty store, give the same claims, codes and refusals', async () => {
  await using system = await issuerSystem('replay');
  await system.publish([createCampaign('fought-over', { stock: 50 })]);
  await system.settled();

  // 400 followers on all partitions race for 50 coupons, some of them twice, while the campaign is paused and resumed.
  const followers = Array.from({ length: 400 }, (_, i) => `follower-${i}`);
  const storm = followers.map(async (openid, i) => {
    await system.publish([push(openid)]);
    if (i % 5 === 0) await system.publish([push(openid, { text: i % 10 === 0 ? '优惠券' : '你好' })]);
  });
  const toggles = (async () => {
    for (let i = 0; i < 6; i++) {
      await system.publish([
        command(
          'fought-over',
          i % 2 === 0
            ? { case: 'pauseCampaign', value: { campaignId: 'fought-over' } }
            : { case: 'resumeCampaign', value: { campaignId: 'fought-over' } },
        ),
      ]);
    }
  })();
  await Promise.all([...storm, toggles]);
  await system.settled();
  // A second wave, so that all 50 are gone whatever the pauses refused.
  await Promise.all(followers.map((openid) => system.publish([push(openid)])));
  await system.settled();

  const events = await readTopic(system.kafka, topics.couponEvents.name);
  await using again = await replayed(system);
  expect(new Set(again.inbound.map(({ partition }) => partition)).size).toBe(topics.wechatInbound.partitions);
  expect(again.covered).toBe(again.inbound.length + again.commands.length); // the journal covers every record once
  expect(await system.rows(COUPONS)).toHaveLength(50);
  expect(await again.rows(CLAIMS)).toEqual(await system.rows(CLAIMS));
  expect(await again.rows(COUPONS)).toEqual(await system.rows(COUPONS));
  expect(again.published.map(told).toSorted()).toEqual(events.map(told).toSorted());

  await using fromFile = await replayedFromFile(system);
  expect(fromFile.report).toMatchObject({ decided: again.covered, undecided: 0 });
  expect(await fromFile.rows(CLAIMS)).toEqual(await system.rows(CLAIMS));
  expect(await fromFile.rows(COUPONS)).toEqual(await system.rows(COUPONS));
  expect(fromFile.published.map(told).toSorted()).toEqual((await fromFile.first()).map(told).toSorted());
});
