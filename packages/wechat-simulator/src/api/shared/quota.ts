import { refuse } from '../../rules/refusal.ts';
import type { AccountState } from '../../state/world.ts';
import { type AccountCall, type Answer, type Api, type OpenCall, ok } from '../definition.ts';
import { textField } from '../fields.ts';
import { accountBySecret } from './token.ts';

/** Which interfaces there are to ask about: all but those of persons and pages. */
export interface QuotaPaths {
  has(path: string): boolean;
}

function pathIn(body: Readonly<Record<string, unknown>>, paths: QuotaPaths): string {
  const path = body['cgi_path'];
  if (typeof path !== 'string' || !path.startsWith('/')) return refuse(76003);
  if (path.startsWith('/sns/')) refuse(76022);
  return paths.has(path) ? path : refuse(76021);
}

function clearAll(state: AccountState, now: number): Answer {
  const verdict = state.quotas.clearAll(now);
  return verdict === 'ok' ? ok() : refuse(verdict);
}

function clear({ state, body, now }: AccountCall): Answer {
  if (textField(body, 'appid', 41002) !== state.account.appid) refuse(40013);
  return clearAll(state, now);
}

function clearBySecret({ world, body, now }: OpenCall): Answer {
  const { appid, appsecret } = body;
  const state = accountBySecret(
    world,
    typeof appid === 'string' ? appid : '',
    typeof appsecret === 'string' ? appsecret : '',
  );
  return clearAll(state, now);
}

const ridShape = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;

function lookUpRid({ world, state, body }: AccountCall): Answer {
  const rid = body['rid'];
  if (typeof rid !== 'string' || !ridShape.test(rid)) return refuse(76002);
  const call = world.calls.list().find((one) => one.rid === rid) ?? refuse(76001);
  if (call.appid !== state.account.appid) refuse(76003);
  return ok({
    request: {
      invoke_time: Math.floor(Date.parse(call.at) / 1000),
      cost_in_ms: Math.round(call.ms),
      request_url: call.query,
      request_body: call.body,
      response_body: call.response,
      client_ip: call.clientIp,
    },
  });
}

/** Looking quotas up, setting them back, and looking up a request by its id. */
export function quotaApis(paths: QuotaPaths): Api[] {
  function get({ state, body, now }: AccountCall): Answer {
    const { limit, used } = state.quotas.usage(pathIn(body, paths), now);
    const quota = { daily_limit: limit.perDay, used, remain: Math.max(limit.perDay - used, 0) };
    return ok({
      quota,
      rate_limit: limit.perMinute === undefined ? {} : { call_count: limit.perMinute, refresh_second: 60 },
    });
  }

  function clearOne({ state, body, now }: AccountCall): Answer {
    const verdict = state.quotas.clearPath(pathIn(body, paths), now);
    return verdict === 'ok' ? ok() : refuse(verdict);
  }

  return [
    { method: 'POST', path: '/cgi-bin/openapi/quota/get', auth: 'token', handle: get },
    { method: 'POST', path: '/cgi-bin/openapi/quota/clear', auth: 'token', handle: clearOne },
    { method: 'POST', path: '/cgi-bin/clear_quota', auth: 'token', handle: clear },
    { method: 'POST', path: '/cgi-bin/clear_quota/v2', auth: 'open', handle: clearBySecret },
    { method: 'POST', path: '/cgi-bin/openapi/rid/get', auth: 'token', handle: lookUpRid },
  ];
}
