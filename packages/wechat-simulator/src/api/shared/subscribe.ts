import { refuse } from '../../rules/refusal.ts';
import { seconds } from '../../state/clock.ts';
import { newMessageId } from '../../state/ids.ts';
import { type AccountCall, type Answer, type Api, bareNumber, ok } from '../definition.ts';
import { optionalText, textField } from '../fields.ts';
import { receiverOf } from './customer-service.ts';
import { reportLater, showSent, templateOf, textOfSend } from './message.ts';

/** One subscription message: checks, takes the consent, shows it, reports the outcome. Returns its msgid. */
function sendOne(call: AccountCall): string {
  const { state, body, now } = call;
  const follower = receiverOf(state, body);
  const template = templateOf(state.subscribeTemplates, body['template_id']);
  const page = optionalText(body, 'page');
  if (state.account.kind === 'mini-program' && page !== undefined && /^(\/|https?:)/.test(page)) refuse(41030);
  const text = textOfSend(call, template);
  const verdict = state.permits.take(follower.openid, template.id, template.type === 3);
  if (verdict !== 'ok') refuse(verdict);
  const msgid = newMessageId(seconds(now));
  showSent(call, follower, 'subscribe', { title: template.title, text });
  const List = [{ TemplateId: template.id, MsgID: BigInt(msgid), ErrorCode: 0, ErrorStatus: 'success' }];
  reportLater(call, follower, { type: 'subscribe_msg_sent', fields: { SubscribeMsgSentEvent: { List } } });
  return msgid;
}

const sendFromOfficialAccount = (call: AccountCall): Answer => ok({ msgid: bareNumber(sendOne(call)) });

function sendFromMiniProgram(call: AccountCall): Answer {
  sendOne(call);
  return ok();
}

function list({ state }: AccountCall): Answer {
  const data = state.subscribeTemplates
    .list()
    .map(({ id, title, content, example, type }) => ({ priTmplId: id, title, content, example, type }));
  return ok({ data });
}

/** As with template messages, the library behind `tid` is not reproduced; `kidList` says how many parameters there are. */
function add({ state, body }: AccountCall): Answer {
  const tid = typeof body['tid'] === 'number' ? String(body['tid']) : textField(body, 'tid', 40097);
  const kids: unknown = body['kidList'];
  if (!Array.isArray(kids) || kids.length < 1 || kids.length > 5) return refuse(40097, 'kidList');
  const title = optionalText(body, 'sceneDesc') ?? `订阅模板 ${tid}`;
  const content = kids.map((_kid, index) => `内容${index + 1}:{{thing${index + 1}.DATA}}`).join('\n');
  const added = state.subscribeTemplates.add({ title, content, example: '', type: 2 });
  return ok({ priTmplId: added.id });
}

function remove({ state, body }: AccountCall): Answer {
  return state.subscribeTemplates.remove(textField(body, 'priTmplId', 40097)) ? ok() : refuse(40037);
}

const categories = (): Answer => ok({ data: [{ id: 616, name: '线下超市/便利店' }] });
/** One entry each of the library that is not reproduced, so that a client can go through the motions. */
const libraryTitles = (): Answer =>
  ok({ count: 1, data: [{ tid: 401, title: '优惠券到账通知', type: 2, categoryId: '616' }] });
const libraryKeywords = (): Answer =>
  ok({ count: 1, data: [{ kid: 1, name: '券名称', example: '满30减5', rule: 'thing' }] });
const withdrawn = (errcode: number) => (): Answer => refuse(errcode);

/** Subscription messages of both kinds of account, their templates, and the two interfaces that are gone for good (reference 7.5). */
export const subscribeApis: readonly Api[] = [
  {
    method: 'POST',
    path: '/cgi-bin/message/subscribe/bizsend',
    auth: 'token',
    kind: 'official-account',
    handle: sendFromOfficialAccount,
  },
  {
    method: 'POST',
    path: '/cgi-bin/message/subscribe/send',
    auth: 'token',
    kind: 'mini-program',
    handle: sendFromMiniProgram,
  },
  { method: 'GET', path: '/wxaapi/newtmpl/gettemplate', auth: 'token', handle: list },
  { method: 'POST', path: '/wxaapi/newtmpl/addtemplate', auth: 'token', handle: add },
  { method: 'POST', path: '/wxaapi/newtmpl/deltemplate', auth: 'token', handle: remove },
  { method: 'GET', path: '/wxaapi/newtmpl/getcategory', auth: 'token', handle: categories },
  { method: 'GET', path: '/wxaapi/newtmpl/getpubtemplatetitles', auth: 'token', handle: libraryTitles },
  { method: 'GET', path: '/wxaapi/newtmpl/getpubtemplatekeywords', auth: 'token', handle: libraryKeywords },
  { method: 'POST', path: '/cgi-bin/message/wxopen/template/send', auth: 'token', handle: withdrawn(45103) },
  { method: 'POST', path: '/cgi-bin/message/wxopen/template/uniform_send', auth: 'token', handle: withdrawn(45109) },
];
