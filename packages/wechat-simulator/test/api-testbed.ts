import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { accounts, client, startPlatform } from './platform.ts';
import { startReceiver } from './receiver.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** What a test of an interface has: a platform of its own, and a service behind its accounts. */
export interface ApiTestbed {
  readonly receiver: Awaited<ReturnType<typeof startReceiver>>;
  readonly platform: Awaited<ReturnType<typeof startPlatform>>;
  readonly all: ReturnType<typeof accounts>;
  readonly sim: ReturnType<typeof client>;
}

/** Starts a platform before each test and ends it after; `hand` gives it to the file's variables. */
export function useApiTestbed(hand: (bed: ApiTestbed) => void): void {
  let receiver: ApiTestbed['receiver'];
  let platform: ApiTestbed['platform'];
  beforeAll(async () => {
    receiver = await startReceiver();
  });
  afterAll(() => receiver.stop());
  beforeEach(async () => {
    const all = accounts(receiver.url);
    platform = await startPlatform(Object.values(all));
    receiver.serve(all.plain);
    hand({ receiver, platform, all, sim: client(platform.url) });
  });
  afterEach(() => platform.stop());
}

export const customerMessage = (touser: string, content = '你好') => ({ touser, msgtype: 'text', text: { content } });

/** A customer-service message of the default account, and how many go out until one is refused, with the code of the refusal. */
export function customerService({ sim, all }: Pick<ApiTestbed, 'sim' | 'all'>) {
  const send = (openid: string, content?: string) =>
    sim.api(all.plain, '/cgi-bin/message/custom/send', customerMessage(openid, content));
  async function sendAll(openid: string): Promise<{ sent: number; errcode: unknown }> {
    for (let sent = 0; sent < 10; sent += 1) {
      const { errcode } = await send(openid);
      if (errcode !== 0) return { sent, errcode };
    }
    throw new Error('never refused');
  }
  return { send, sendAll };
}
