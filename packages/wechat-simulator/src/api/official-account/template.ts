import { refuse } from '../../rules/refusal.ts';
import { seconds } from '../../state/clock.ts';
import { newMessageId } from '../../state/ids.ts';
import { type AccountCall, type Answer, type Api, bareNumber, json, ok } from '../definition.ts';
import { optionalText, textField, textsField } from '../fields.ts';
import { receiverOf } from '../shared/customer-service.ts';
import { reportLater, showSent, templateOf, textOfSend } from '../shared/message.ts';

const kind = 'official-account' as const;
const templatesMax = 25;

function send(call: AccountCall): Answer {
  const { state, body, now } = call;
  const follower = receiverOf(state, body);
  const template = templateOf(state.templates, body['template_id']);
  const text = textOfSend(call, template);
  if (!follower.following) refuse(43004);
  const clientMsgId = optionalText(body, 'client_msg_id');
  const before = clientMsgId === undefined ? undefined : state.recentSends.find(follower.openid, clientMsgId, now);
  if (before !== undefined) return ok({ msgid: bareNumber(before) });
  const msgid = newMessageId(seconds(now));
  if (clientMsgId !== undefined) state.recentSends.add(follower.openid, clientMsgId, msgid, now);
  if (!follower.refusesMessages) showSent(call, follower, 'template', { title: template.title, text });
  const Status = follower.refusesMessages ? 'failed:user block' : 'success';
  reportLater(call, follower, { type: 'template_result', fields: { MsgID: BigInt(msgid), Status } });
  return ok({ msgid: bareNumber(msgid) });
}

function list({ state }: AccountCall): Answer {
  const templates = state.templates.list().map(({ id, title, content, example }) => ({
    template_id: id,
    title,
    primary_industry: 'IT科技',
    deputy_industry: '互联网|电子商务',
    content,
    example,
  }));
  return json({ template_list: templates });
}

/** The platform's library of templates is not reproduced: any short id gives a template of the keywords asked for. */
function add({ state, body }: AccountCall): Answer {
  const shortId = textField(body, 'template_id_short', 40097);
  const keywords = textsField(body, 'keyword_name_list', 40097);
  if (state.templates.list().length >= templatesMax) refuse(45026);
  const content = keywords.map((keyword, index) => `${keyword}:{{thing${index + 1}.DATA}}`).join('\n');
  const example = keywords.map((keyword) => `${keyword}:示例`).join('\n');
  const { id } = state.templates.add({ title: `模板 ${shortId}`, content, example, type: 2 });
  return ok({ template_id: id });
}

function remove({ state, body }: AccountCall): Answer {
  return state.templates.remove(templateOf(state.templates, body['template_id']).id) ? ok() : refuse(40037);
}

const industries = (): Answer =>
  json({
    primary_industry: { first_class: 'IT科技', second_class: '互联网|电子商务' },
    secondary_industry: { first_class: 'IT科技', second_class: 'IT软件与服务' },
  });

/** Template messages of service accounts. */
export const templateApis: readonly Api[] = [
  { method: 'POST', path: '/cgi-bin/message/template/send', auth: 'token', kind, handle: send },
  { method: 'GET', path: '/cgi-bin/template/get_all_private_template', auth: 'token', kind, handle: list },
  { method: 'GET', path: '/cgi-bin/template/get_industry', auth: 'token', kind, handle: industries },
  { method: 'POST', path: '/cgi-bin/template/api_add_template', auth: 'token', kind, handle: add },
  { method: 'POST', path: '/cgi-bin/template/del_private_template', auth: 'token', kind, handle: remove },
];
