import { messageOf } from '@lingquan/errors';
import { claimOnce, ensureDemoCampaign } from '../demo.ts';
import { createSay } from '../terminal.ts';

const say = createSay(undefined, false);
const env = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);

try {
  await ensureDemoCampaign(env, say);
  await claimOnce({ simulator: env['WECHAT_API_URL']!, claimLog: env['CLAIM_LOG_URL']! }, say);
} catch (error) {
  say(`✗ ${messageOf(error)}`);
  process.exitCode = 1;
}
