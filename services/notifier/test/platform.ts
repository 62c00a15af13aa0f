import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { account, start } from '@lingquan/wechat-simulator';

export const appid = 'wx1';
export const secret = 'the-secret';
export const callbackIps = ['203.0.113.7', '198.51.100.0/24'];

type ChatEntry = { from: string; via?: string; text: string };
type Fault = { kind: string; errcode?: number; when?: string; ms?: number; times?: number; path?: string };
export const SEND = '/cgi-bin/message/custom/send';

/** The platform, played by the simulator, and somebody who answers its pushes. */
export async function platform() {
  const answering = createServer((_, response) => void response.end('success'));
  await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve));
  const pushUrl = `http://127.0.0.1:${(answering.address() as AddressInfo).port}/wx`;
  const simulator = await start({
    host: '127.0.0.1',
    port: 0,
    accounts: [account({ appid, secret, token: 'token2026', kind: 'official-account' }, pushUrl)],
    pushTimeoutMs: 2000,
    retryPauseMs: 10,
    ipAllowList: [],
    callbackIps,
    claimLogUrl: 'http://127.0.0.1:1',
    logLevel: 'error',
  });
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${simulator.url}/_sim${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
  return {
    url: simulator.url,
    /** Somebody who wrote to the account just now, so that it may write to them. */
    writer: async (openid: string): Promise<string> => {
      await ask('POST', '/push', { appid, openid, type: 'text', text: '优惠券' });
      return openid;
    },
    /** Somebody who follows but has done nothing for long. */
    silent: async (openid: string): Promise<string> => {
      await ask('POST', '/followers', { appid, openid });
      return openid;
    },
    /** What the follower has been told by customer-service message. */
    told: async (openid: string): Promise<string[]> => {
      const { items } = (await ask('GET', `/messages?appid=${appid}&openid=${openid}`)) as { items: ChatEntry[] };
      return items.filter(({ via }) => via === 'customer-service').map(({ text }) => text);
    },
    calls: async (path: string): Promise<number> =>
      ((await ask('GET', `/calls?path=${path}`)) as { items: unknown[] }).items.length,
    breakWith: (fault: Fault) => ask('POST', '/faults', { on: 'api', path: SEND, ...fault }),
    /** How many of them have not met their calls yet. */
    faults: async (): Promise<number> => ((await ask('GET', '/faults')) as { items: unknown[] }).items.length,
    mend: () => ask('DELETE', '/faults'),
    stop: async () => {
      await simulator.stop();
      await new Promise((resolve) => answering.close(resolve).closeAllConnections());
    },
  };
}
