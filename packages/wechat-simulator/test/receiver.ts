import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Account as WechatAccount,
  type Fields,
  type OpenedPush,
  openPush,
  sealReply,
  textOf,
  textReply,
} from '@lingquan/wechat';
import Koa from 'koa';
import type { Account } from '../src/index.ts';

/** One push as the service received it, signature checked. */
export interface Received {
  readonly fields: Fields;
  readonly opened: OpenedPush;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the service answers with: a status and a body, or a text as a well-made reply in the account's mode. */
export type Answering = (
  push: Received,
  attempt: number,
) => { text: string } | { status?: number; body: string } | 'hang';

/** A service as an account would run it: a real Koa server that accepts nothing that is not rightly signed. */
export async function startReceiver() {
  const received: Received[] = [];
  let account: WechatAccount | undefined;
  let answering: Answering = () => ({ body: 'success' });
  const app = new Koa();
  app.use(async (ctx) => {
    if (ctx.method === 'GET') {
      ctx.body = String(ctx.query['echostr']);
      return;
    }
    if (account === undefined) throw new Error('the receiver has no account');
    const chunks: Buffer[] = [];
    for await (const chunk of ctx.req as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const opened = openPush(account, { query: ctx.query, body, now: Math.floor(Date.now() / 1000) });
    const push = { fields: opened.fields, opened, query: ctx.query as Record<string, string>, body: body.toString() };
    received.push(push);
    const answer = answering(push, received.length);
    if (answer === 'hang') await new Promise((resolve) => ctx.res.once('close', resolve));
    else if ('text' in answer) ctx.body = reply(account, push, answer.text);
    else {
      ctx.status = answer.status ?? 200;
      ctx.body = answer.body;
    }
  });
  app.silent = true;
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/wx`,
    received,
    /** Whose pushes come; what is remembered is forgotten. */
    serve(served: Account, answer: Answering = () => ({ body: 'success' })) {
      account = { ...served, encodingAESKey: served.encodingAESKey };
      answering = answer;
      received.length = 0;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A text reply in the mode of the push. */
function reply(account: WechatAccount, { fields, opened, query }: Received, content: string): string {
  const now = Math.floor(Date.now() / 1000);
  const { format, key } = opened;
  const names = { to: textOf(fields, 'FromUserName') ?? '', from: textOf(fields, 'ToUserName') ?? '' };
  const clear = textReply({ ...names, createTime: now, format, content });
  return key === undefined
    ? clear
    : sealReply({ account, key, format, timestamp: now, nonce: query['nonce'] ?? '' }, clear);
}
