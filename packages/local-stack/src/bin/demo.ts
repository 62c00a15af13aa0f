import { messageOf } from '@lingquan/errors';
import { claimOnce, ensureDemoCampaign } from '../demo.ts';
import { orderOnce } from '../demo-order.ts';
import { createSay } from '../terminal.ts';

const say = createSay(undefined, false);
const env = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);

try {
  await ensureDemoCampaign(env, say);
  const urls = { simulator: env['WECHAT_API_URL']!, ingress: env['INGRESS_URL']!, claimLog: env['CLAIM_LOG_URL']! };
  const claimed = await claimOnce(urls, say);
  if (env['WECHAT_PAY_PLATFORM_DIR']) await orderOnce(urls, claimed, say);
} catch (error) {
  say(`✗ ${messageOf(error)}`);
  process.exitCode = 1;
}
