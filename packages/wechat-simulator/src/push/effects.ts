import { type Follower, noteAction } from '../state/followers.ts';
import { type WindowReason } from '../rules/reply-windows.ts';
import { seconds } from '../state/clock.ts';
import { type Action, type ActionType, isMessage } from './message.ts';

/** The window for customer-service messages an action opens (reference 7.1); a VIEW tap opens none. */
function windowOf(action: Action): WindowReason | undefined {
  if (isMessage(action.type)) return action.fields?.['bizmsgmenuid'] === undefined ? 'message' : 'menu-tap';
  const byEvent: Partial<Record<ActionType, WindowReason>> = {
    click: 'menu-tap',
    scancode_push: 'menu-tap',
    scancode_waitmsg: 'menu-tap',
    subscribe: 'follow',
    scan: 'scan',
    enter: 'enter-chat',
  };
  return byEvent[action.type];
}

function follow(follower: Follower, scene: string | undefined, now: number): void {
  follower.following = true;
  follower.subscribedAt = seconds(now);
  follower.subscribeScene = scene ? 'ADD_SCENE_QR_CODE' : 'ADD_SCENE_SEARCH';
  const isNumber = scene !== undefined && /^[1-9]\d{0,9}$/.test(scene);
  follower.qrScene = isNumber ? Number(scene) : 0;
  follower.qrSceneStr = isNumber ? '' : (scene ?? '');
}

function unfollow(follower: Follower): void {
  follower.following = false;
  follower.windows = [];
  follower.tagIds = [];
}

/** What an action changes in what the platform knows of the follower, before anybody is told of it. */
export function applyAction(follower: Follower, action: Action, now: number): void {
  if (action.type === 'subscribe') follow(follower, action.eventKey?.replace(/^qrscene_/, ''), now);
  if (action.type === 'unsubscribe') unfollow(follower);
  const reason = windowOf(action);
  if (reason !== undefined) noteAction(follower, reason, now);
}

/** Whether the follower's phone shows a reply to this action, or that the service failed: what they did in the chat themselves. */
export function isVisible(type: ActionType): boolean {
  const inChat: readonly ActionType[] = [
    'subscribe',
    'scan',
    'click',
    'scancode_push',
    'scancode_waitmsg',
    'location_select',
    'raw',
  ];
  return isMessage(type) || inChat.includes(type);
}

/** The line for the action itself in the chat, in the follower's words; undefined for what leaves no trace. */
export function lineOf(action: Action): { type: string; text: string } | undefined {
  if (action.type === 'text') return { type: 'text', text: action.text ?? '' };
  const texts: Partial<Record<ActionType, string>> = {
    image: '[图片]',
    voice: `[语音] ${action.text ?? ''}`.trim(),
    video: '[视频]',
    shortvideo: '[小视频]',
    location: '[位置]',
    link: `[链接] ${action.text ?? ''}`.trim(),
    miniprogrampage: '[小程序]',
    subscribe: '关注了公众号',
    unsubscribe: '取消了关注',
    scan: '扫描了带参数二维码',
    click: '点击了菜单',
    view: '打开了网页',
    view_miniprogram: '打开了小程序',
    scancode_push: '扫了码',
    scancode_waitmsg: '扫了码',
    enter: '进入了客服会话',
  };
  const text = texts[action.type];
  return text === undefined ? undefined : { type: isMessage(action.type) ? action.type : 'event', text };
}
