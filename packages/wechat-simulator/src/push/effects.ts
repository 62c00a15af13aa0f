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

const eventLines: Partial<Record<ActionType, string>> = {
  subscribe: '关注',
  unsubscribe: '取消关注',
  scan: '扫描二维码',
  click: '点击菜单',
  view: '打开网页',
  view_miniprogram: '打开小程序',
  scancode_push: '扫码',
  scancode_waitmsg: '扫码',
  location_select: '选择位置',
  pic_sysphoto: '拍照',
  pic_photo_or_album: '选择图片',
  pic_weixin: '选择图片',
  enter: '进入客服会话',
};

const messageLines: Partial<Record<ActionType, string>> = {
  image: '[图片]',
  voice: '[语音]',
  video: '[视频]',
  shortvideo: '[小视频]',
  location: '[位置]',
  link: '[链接]',
  miniprogrampage: '[小程序]',
};

/** The line for the action itself in the chat; undefined for what leaves no trace there. `content` holds what it is made of. */
export function lineOf(action: Action): { type: string; text: string; content?: unknown } | undefined {
  const { type, text = '', eventKey = '', mediaId } = action;
  if (type === 'text') return { type, text };
  if (isMessage(type)) return { type, text: `${messageLines[type] ?? ''} ${text}`.trim(), content: { mediaId, text } };
  const line = eventLines[type];
  if (line === undefined) return undefined;
  const about = eventKey || text;
  return { type: 'event', text: about === '' ? line : `${line}：${about}`, content: { event: type, eventKey: about } };
}
