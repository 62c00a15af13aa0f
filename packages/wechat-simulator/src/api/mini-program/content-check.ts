import { refuse } from '../../rules/refusal.ts';
import { newOpaque } from '../../state/ids.ts';
import { type AccountCall, type Answer, type Api, ok } from '../definition.ts';
import { textField } from '../fields.ts';

/** Judged by one word only, so that both answers can be had: a text with 违规 in it is risky. */
const riskyWord = '违规';

function checkText({ state, body }: AccountCall): Answer {
  const content = textField(body, 'content', 44004);
  const openid = textField(body, 'openid', 40003);
  if (Number(body['version']) !== 2) refuse(40097, 'version');
  if (![1, 2, 3, 4].includes(Number(body['scene']))) refuse(40097, 'scene');
  if (state.followers.get(openid) === undefined) refuse(40003);
  if ([...content].length > 2500) refuse(45002);
  const risky = content.includes(riskyWord);
  const verdict = risky ? { suggest: 'risky', label: 20006 } : { suggest: 'pass', label: 100 };
  const detail = [
    { strategy: 'content_model', errcode: 0, ...verdict, prob: 90, ...(risky && { level: 90, keyword: riskyWord }) },
  ];
  return ok({ result: verdict, detail, trace_id: newOpaque(12) });
}

/** Text security check of mini programs. */
export const contentCheckApis: readonly Api[] = [
  { method: 'POST', path: '/wxa/msg_sec_check', auth: 'token', kind: 'mini-program', handle: checkText },
];
