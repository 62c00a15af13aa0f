import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { codeIn, messagesTo, push, say } from '../src/chat.ts';
import { createCampaign } from '../src/lingquan.ts';
import { startSystem } from '../src/system.ts';

jest.setTimeout(120_000);

const miniProgram = {
  appid: 'wxfedcba9876543210',
  originalId: 'gh_fedcba987654',
  name: '领券小程序',
  kind: 'mini-program',
  secret: 'fedcba9876543210fedcba9876543210',
  token: 'miniProgramToken',
  encodingAESKey: 'sGP4DssSvC6q4NfmtsPTRF0VRdH4YXuyPPs9NpLMktw',
  mode: 'safe',
  format: 'json',
};

test("a mini program's push is answered success and its code follows by customer-service message, once", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lingquan-accounts-'));
  const file = join(folder, 'accounts.json');
  await writeFile(file, JSON.stringify([miniProgram]));
  await using system = await startSystem('mini', { WECHAT_ACCOUNTS_FILE: file });
  const { appid } = miniProgram;
  await createCampaign(system.env, { appid });

  const pushed = await push(system, { appid, openid: 'oMini', type: 'text', text: '优惠券' });
  expect(pushed.reply).toBeNull();
  const [told] = await until(async () => {
    const messages = await messagesTo(system, 'oMini');
    return messages.length > 0 && messages;
  }, 'the code follows');
  expect(told).toMatchObject({ via: 'customer-service', content: expect.stringMatching(/^券码：\S+$/m) });

  // The other account's follower of the same name is somebody else, and this campaign is not theirs.
  expect(codeIn(await say(system, 'oMini'))).toBeUndefined();
  expect(await messagesTo(system, 'oMini')).toHaveLength(1);
  await rm(folder, { recursive: true });
});
