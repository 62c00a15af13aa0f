import { refuse } from '../../rules/refusal.ts';
import { readTemplateData, render } from '../../rules/template-data.ts';
import type { Action } from '../../push/message.ts';
import type { Follower } from '../../state/followers.ts';
import type { Template, Templates } from '../../state/templates.ts';
import type { AccountCall } from '../definition.ts';
import { refuseEscapedChinese } from '../fields.ts';

/** The template a send names: 40036 for no or an impossible id, 40037 for one the account does not have. */
export function templateOf(templates: Templates, id: unknown): Template {
  if (typeof id !== 'string' || id === '' || id.length > 128) refuse(40036);
  return templates.get(id) ?? refuse(40037);
}

/** The text of a send, its parameters checked (47003 names the wrong one). */
export function textOfSend(call: AccountCall, template: Template): string {
  refuseEscapedChinese(call.rawBody);
  const data = readTemplateData(template.content, call.body['data']);
  if ('problem' in data) return refuse(47003, data.problem);
  return render(template.content, data.values);
}

/** Puts the message on the follower's phone. */
export function showSent(
  call: AccountCall,
  follower: Follower,
  via: 'template' | 'subscribe',
  sent: { title: string; text: string },
): void {
  const { url, page, miniprogram } = call.body;
  call.state.chat.add({
    openid: follower.openid,
    at: new Date(call.now).toISOString(),
    from: 'account',
    via,
    type: via,
    text: `${sent.title}\n${sent.text}`,
    content: { ...sent, url, page, miniprogram },
  });
}

/** Pushes the result of a send to the account's service, as the platform does: after the answer, and not waited for. */
export function reportLater(call: AccountCall, follower: Follower, action: Action): void {
  setImmediate(() => {
    // A push reports its own failure in its record; here is nothing to add.
    call.pusher.push(call.state, follower, action).catch(() => undefined);
  });
}
