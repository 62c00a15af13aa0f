import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { messagesTo, say } from '../src/chat.ts';
import { createCampaign } from '../src/lingquan.ts';
import { startSystem } from '../src/system.ts';

jest.setTimeout(120_000);

test('an outcome that comes too late for the reply follows as one customer-service message', async () => {
  await using system = await startSystem('late', { OUTCOME_WAIT_MS: '500' });
  await createCampaign(system.env);
  await system.service('coupon-issuer').kill();
  const pushed = await say(system, 'oLate');
  expect(pushed.shown).toBeNull(); // answered empty: taken, the outcome follows
  await system.service('notifier').kill(); // also when the notifier dies on the way
  await system.service('notifier').start();
  await system.service('coupon-issuer').start();

  const told = () => messagesTo(system, 'oLate');
  // A turn the killed notifier had begun is another's when its lease of 30 s is over.
  await until(async () => (await told()).length > 0, 'the follower is told', 60_000);
  await say(system, 'oLate', '你好'); // a full turn through the system: a second message would have come by now
  expect(await told()).toEqual([
    expect.objectContaining({ via: 'customer-service', content: expect.stringMatching(/^券码：\S+$/m) }),
  ]);
});
