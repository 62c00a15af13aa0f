import { randomBytes } from 'node:crypto';
import { sameText, sessionSignature } from '@lingquan/wechat';
import { refuse } from '../../rules/refusal.ts';
import { seconds } from '../../state/clock.ts';
import { type AccountCall, type Answer, type Api, type OpenCall, jsonAsText, ok } from '../definition.ts';
import { textField } from '../fields.ts';
import { accountBySecret } from '../shared/token.ts';

/** Every login gives a new session_key (base64 of 16 bytes) and ends the one before. Some clients send an access_token; it is not looked at. */
function login({ world, query, now }: OpenCall): Answer {
  if (query.get('grant_type') !== 'authorization_code') refuse(40002);
  const state = accountBySecret(world, query.get('appid'), query.get('secret'));
  const grant = state.codes.redeem('login', query.get('js_code') || refuse(41008), now);
  if ('errcode' in grant) return refuse(grant.errcode);
  const sessionKey = randomBytes(16).toString('base64');
  state.sessionKeys.set(grant.openid, sessionKey);
  return jsonAsText({
    session_key: sessionKey,
    openid: grant.openid,
    unionid: state.followers.get(grant.openid)?.unionid,
  });
}

function checkSession({ state, query }: AccountCall): Answer {
  const sessionKey = state.sessionKeys.get(query.get('openid') ?? '') ?? refuse(87009);
  if (query.get('sig_method') !== 'hmac_sha256') refuse(40097, 'sig_method');
  return sameText(query.get('signature') ?? '', sessionSignature(sessionKey)) ? ok() : refuse(87009);
}

function phoneNumber({ state, body, now }: AccountCall): Answer {
  const grant = state.codes.redeem('phone', textField(body, 'code', 41008), now);
  if ('errcode' in grant) return refuse(grant.errcode);
  const phone = state.followers.get(grant.openid)?.phone ?? '';
  const watermark = { timestamp: seconds(now), appid: state.account.appid };
  return ok({ phone_info: { phoneNumber: phone, purePhoneNumber: phone, countryCode: '86', watermark } });
}

/** Mini-program log-in. */
export const loginApis: readonly Api[] = [
  { method: 'GET', path: '/sns/jscode2session', auth: 'open', handle: login },
  { method: 'GET', path: '/wxa/checksession', auth: 'token', kind: 'mini-program', handle: checkSession },
  {
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    auth: 'token',
    kind: 'mini-program',
    handle: phoneNumber,
  },
];
