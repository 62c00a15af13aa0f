import { type Account, type Config, type Simulator, account, start } from '../src/index.ts';

const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

/** Accounts of every mode, pushed to `pushUrl`. The first one is the default account. */
export function accounts(pushUrl: string) {
  const common = { secret: 'a-secret-of-some-length', token: 'token' };
  const sealed = { ...common, encodingAESKey };
  return {
    plain: account({ ...common, appid: 'wx0000000000000001' }, pushUrl),
    compatible: account({ ...sealed, appid: 'wx0000000000000002', mode: 'compatible' }, pushUrl),
    safe: account({ ...sealed, appid: 'wx0000000000000003' }, pushUrl),
    miniProgram: account({ ...sealed, appid: 'wx0000000000000004', kind: 'mini-program', format: 'json' }, pushUrl),
  };
}

/** A platform of its own on a free port, impatient enough for tests. */
export function startPlatform(list: readonly Account[], settings: Partial<Config> = {}): Promise<Simulator> {
  return start({
    host: '127.0.0.1',
    port: 0,
    accounts: list,
    pushTimeoutMs: 300,
    retryPauseMs: 1,
    ipAllowList: [],
    callbackIps: [],
    claimLogUrl: 'http://127.0.0.1:9',
    logLevel: 'error',
    ...settings,
  });
}

type Json = Record<string, unknown>;

/** Calls as a service or an operator makes them, to one platform. */
export function client(url: string) {
  async function read(response: Response): Promise<Json> {
    const text = await response.text();
    return (text === '' ? { status: response.status } : JSON.parse(text)) as Json;
  }
  const get = async (path: string) => read(await fetch(`${url}${path}`));
  const post = async (path: string, body: object = {}) =>
    read(await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) }));

  async function token({ appid, secret }: Account): Promise<string> {
    const { access_token: issued } = await post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid,
      secret,
    });
    if (typeof issued !== 'string') throw new Error('no token');
    return issued;
  }

  return {
    get,
    post,
    token,
    delete: (path: string) => fetch(`${url}${path}`, { method: 'DELETE' }),
    /** An interface of the platform, as `account`. */
    api: async (owner: Account, path: string, body?: object) => {
      const withToken = `${path}${path.includes('?') ? '&' : '?'}access_token=${await token(owner)}`;
      return body === undefined ? get(withToken) : post(withToken, body);
    },
    /** The openid of somebody who follows `account`. */
    follower: async ({ appid }: Account): Promise<string> => {
      const { openid } = await post('/_sim/followers', { appid });
      return String(openid);
    },
    push: (body: object) => post('/_sim/push', body) as Promise<unknown> as Promise<PushAnswer>,
    shiftClock: (shiftMs: number) => post('/_sim/clock', { shiftMs }),
    seen: async (openid: string) =>
      (await get(`/_sim/messages?openid=${openid}`))['items'] as {
        via: string;
        from: string;
        text: string;
        type: string;
      }[],
  };
}

export interface PushAnswer {
  readonly msgId: string | null;
  readonly attempts: { status: number; ms: number; error?: string }[];
  readonly request: { url: string; body: string; xml: string };
  readonly response: { body: string; xml: string } | null;
  readonly reply: { type: string; content: unknown } | null;
  readonly shown: string | null;
  readonly problem: string | null;
}
