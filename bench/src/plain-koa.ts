import { decodeAesKey, openPush, sealReply, textOf, textReply } from '@lingquan/wechat';
import Koa from 'koa';
import type { Context } from 'koa';
import { benchAccount } from './account.ts';
import type { Mode } from './account.ts';

/**
 * The raw counterpart of ingress: Koa, the same signature check and parse, the same reply in the same mode, and nothing else (no
 * Kafka, no Redis, nothing durable). Run as a process of its own by the benches.
 */
const account = benchAccount((process.env['WECHAT_MODE'] ?? 'plaintext') as Mode);
const key = decodeAesKey(account.encodingAESKey!);

const app = new Koa();
app.use(async (ctx) => {
  ctx.body = ctx.path === '/readyz' ? 'ready' : await answer(ctx);
});
app.listen(Number(process.env['PORT']), '127.0.0.1');

async function answer(ctx: Context): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  const now = Math.floor(Date.now() / 1000);
  const { fields, encrypted, format } = openPush(account, { query: ctx.query, body: Buffer.concat(chunks), now });
  const reply = textReply({
    to: textOf(fields, 'FromUserName')!,
    from: textOf(fields, 'ToUserName')!,
    createTime: now,
    content: '领取成功！满30减5元券，满30减5\n券码：K7Q2-M9X4-TZ0B-3\n请妥善保管，结账时出示即可。',
  });
  ctx.type = 'text/xml';
  return encrypted
    ? sealReply({ account, key, format, timestamp: now, nonce: String(ctx.query['nonce']) }, reply)
    : reply;
}
