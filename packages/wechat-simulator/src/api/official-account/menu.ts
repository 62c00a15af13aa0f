import { type Button, type MatchRule, matchRuleProblem, menuProblem, storedButton } from '../../rules/menu.ts';
import { refuse } from '../../rules/refusal.ts';
import { menuFor } from '../../state/menu.ts';
import { type AccountCall, type Answer, type Api, json, ok } from '../definition.ts';
import { refuseEscapedChinese, textField } from '../fields.ts';

const kind = 'official-account' as const;

function checkedButtons({ body, rawBody }: AccountCall): Button[] {
  refuseEscapedChinese(rawBody);
  const problem = menuProblem(body['button']);
  if (problem !== undefined) refuse(problem);
  return (body['button'] as Button[]).map(storedButton);
}

function changed({ world, state }: AccountCall): void {
  world.feed.publish('account', { appid: state.account.appid });
}

function nextMenuId({ state }: AccountCall): string {
  state.menu.lastMenuId += 1;
  return String(state.menu.lastMenuId);
}

function create(call: AccountCall): Answer {
  const button = checkedButtons(call);
  call.state.menu.menu = { button, menuid: nextMenuId(call), source: 'interface' };
  changed(call);
  return ok();
}

function addConditional(call: AccountCall): Answer {
  const { state, body } = call;
  if (state.menu.menu === undefined) refuse(65303);
  const problem = matchRuleProblem(body['matchrule']);
  if (problem !== undefined) refuse(problem);
  const button = checkedButtons(call);
  const menuid = nextMenuId(call);
  state.menu.conditional.push({ menuid, button, matchrule: body['matchrule'] as MatchRule });
  changed(call);
  return json({ menuid });
}

function deleteConditional(call: AccountCall): Answer {
  const { state, body } = call;
  const menuid = String(body['menuid']);
  const rest = state.menu.conditional.filter((menu) => menu.menuid !== menuid);
  if (rest.length === state.menu.conditional.length) refuse(65301);
  state.menu.conditional = rest;
  changed(call);
  return ok();
}

/** Only what was made through the interface; a console menu is in get_current_selfmenu_info alone. */
function get({ state }: AccountCall): Answer {
  const { menu, conditional } = state.menu;
  if (menu?.source !== 'interface') return refuse(46003);
  if (conditional.length === 0) return json({ menu: { button: menu.button } });
  return json({ menu: { button: menu.button, menuid: menu.menuid }, conditionalmenu: conditional });
}

function remove(call: AccountCall): Answer {
  Object.assign(call.state.menu, { menu: undefined, conditional: [] });
  changed(call);
  return ok();
}

function tryMatch({ state, body }: AccountCall): Answer {
  const follower = state.followers.get(textField(body, 'user_id')) ?? refuse(46004);
  if (state.menu.menu === undefined) refuse(46003);
  return json({ button: menuFor(state.menu, follower) });
}

/** Here, unlike in menu/get, `sub_button` is an object with a list (seen on the wire; client-libraries section 3). */
function selfMenuButton({ sub_button: below = [], ...button }: Button): object {
  return below.length === 0 ? button : { name: button.name, sub_button: { list: below.map(selfMenuButton) } };
}

function selfMenu({ state }: AccountCall): Answer {
  const button = state.menu.menu?.button.map(selfMenuButton) ?? [];
  return json({ is_menu_open: button.length > 0 ? 1 : 0, selfmenu_info: { button } });
}

/** Custom menus: the account's own, those for some followers, and what one follower sees. */
export const menuApis: readonly Api[] = [
  { method: 'POST', path: '/cgi-bin/menu/create', auth: 'token', kind, handle: create },
  { method: 'GET', path: '/cgi-bin/menu/get', auth: 'token', kind, handle: get },
  { method: 'GET', path: '/cgi-bin/menu/delete', auth: 'token', kind, handle: remove },
  { method: 'POST', path: '/cgi-bin/menu/addconditional', auth: 'token', kind, handle: addConditional },
  { method: 'POST', path: '/cgi-bin/menu/delconditional', auth: 'token', kind, handle: deleteConditional },
  { method: 'POST', path: '/cgi-bin/menu/trymatch', auth: 'token', kind, handle: tryMatch },
  { method: 'GET', path: '/cgi-bin/get_current_selfmenu_info', auth: 'token', kind, handle: selfMenu },
];
