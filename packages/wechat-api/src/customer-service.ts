import type { Json } from './call.ts';
import type { Family } from './family.ts';
import { failed } from './outcome.ts';
import type { ApiOutcome } from './outcome.ts';

export type TextMessage = { openid: string; text: string };

/**
 * `POST /cgi-bin/message/custom/send` with a text. The platform has no idempotency key for it: after `uncertain` the follower may
 * have got it (reference 7.1).
 */
export async function sendText(
  family: Family,
  token: string,
  { openid, text }: TextMessage,
): Promise<ApiOutcome<undefined>> {
  const outcome = await family.call({
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    query: { access_token: token },
    body: { touser: openid, msgtype: 'text', text: { content: text } },
    secrets: [token, openid],
  });
  return outcome.kind === 'ok' ? readSent(outcome.value) : outcome;
}

/** This interface always says `errcode`; an answer without it is somebody else's. */
export const readSent = ({ errcode }: Json): ApiOutcome<undefined> =>
  errcode === 0 ? { kind: 'ok', value: undefined } : failed('uncertain', 'the answer holds no errcode');
