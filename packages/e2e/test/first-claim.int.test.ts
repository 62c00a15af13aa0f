import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { codeIn, loggedEvents, push, say } from '../src/chat.ts';
import { createCampaign } from '../src/lingquan.ts';
import { startSystem } from '../src/system.ts';

jest.setTimeout(120_000);

test.each(['plaintext', 'compatible', 'safe'])(
  'in %s mode a follower types the keyword, gets a code, and it is in the log',
  async (WECHAT_MODE) => {
    await using system = await startSystem(`claim-${WECHAT_MODE}`, { WECHAT_MODE });
    const campaignId = await createCampaign(system.env, { stock: 2 });

    const first = await say(system, 'oAda');
    const code = codeIn(first);
    expect(code).toBeDefined();
    expect(codeIn(await say(system, 'oAda'))).toBe(code); // beyond the limit: the first code again
    expect(codeIn(await push(system, { openid: 'oBob', type: 'click', eventKey: '优惠券' }))).not.toBe(code);
    expect(codeIn(await say(system, 'oCyd'))).toBeUndefined(); // sold out
    expect((await say(system, 'oCyd', '你好')).reply).toBeNull();

    const events = await until(async () => {
      const found = await loggedEvents(system, { campaign: campaignId });
      return found.length === 5 && found;
    }, 'the campaign and four attempts are logged');
    expect(events.map(({ type }) => type)).toEqual([
      'campaign.created',
      'coupon.claimed',
      'coupon.claim_refused',
      'coupon.claimed',
      'coupon.claim_refused',
    ]);
    expect(events[1]).toMatchObject({ openid: 'oAda', code, kafka: { topic: `${system.prefix}coupon.events` } });
    expect(events[2]!.code).toBeNull();
    expect(events[1]!.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
    expect(await loggedEvents(system, { code: code! })).toHaveLength(1);
  },
);
