import type { WritableFields } from '@lingquan/wechat';
import { seconds } from '../state/clock.ts';

/** What a follower does, in the words of `POST /_sim/push`. */
export interface Action {
  readonly type: ActionType;
  /** text: what they write. For other messages: label, title or recognised speech. */
  readonly text?: string | undefined;
  /** click: the menu key; scan, subscribe: the scene; view: the address; enter: session-from. */
  readonly eventKey?: string | undefined;
  readonly ticket?: string | undefined;
  readonly mediaId?: string | undefined;
  /** Fields by the platform's names, laid over the ones made here: anything the platform might send can be said. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

const messages = ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link', 'miniprogrampage'] as const;
const events = [
  'subscribe',
  'unsubscribe',
  'scan',
  'click',
  'view',
  'view_miniprogram',
  'report_location',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'enter',
  'subscribe_msg_popup',
  'subscribe_msg_change',
  'subscribe_msg_sent',
  'template_result',
  'raw',
] as const;

export const actionTypes = [...messages, ...events] as const;
export type ActionType = (typeof actionTypes)[number];

export const isMessage = (type: ActionType): boolean => (messages as readonly string[]).includes(type);

/** The fields all pushes share, and those of `action`. `msgId` is for messages only. */
export function pushFields(
  action: Action,
  common: {
    originalId: string;
    openid: string;
    now: number;
    createTime?: number | undefined;
    msgId: string;
    /** Where the simulator is: pictures are fetched there. */
    origin: string;
  },
): WritableFields {
  const head = {
    ToUserName: common.originalId,
    FromUserName: common.openid,
    CreateTime: common.createTime ?? seconds(common.now),
  };
  const own = isMessage(action.type)
    ? { MsgType: action.type, ...messageFields(action, common.origin), MsgId: BigInt(common.msgId) }
    : { MsgType: 'event', ...eventFields(action) };
  return { ...head, ...own, ...(action.fields as WritableFields | undefined) };
}

function messageFields({ type, text = '', mediaId = '' }: Action, origin: string): WritableFields {
  const mediaUrl = `${origin}/_sim/media/${encodeURIComponent(mediaId)}`;
  switch (type) {
    case 'text':
      return { Content: text };
    case 'image':
      return { PicUrl: mediaUrl, MediaId: mediaId };
    case 'voice':
      return { MediaId: mediaId, Format: 'amr', Recognition: text };
    case 'video':
    case 'shortvideo':
      return { MediaId: mediaId, ThumbMediaId: mediaId };
    case 'location':
      return { Location_X: '31.230416', Location_Y: '121.473701', Scale: '16', Label: text || '上海市黄浦区人民大道' };
    case 'link':
      return { Title: text || '一个链接', Description: '', Url: 'https://example.com/' };
    default:
      return {
        Title: text || '小程序页面',
        AppId: '',
        PagePath: 'pages/index',
        ThumbUrl: mediaUrl,
        ThumbMediaId: mediaId,
      };
  }
}

/** EventKey on a follow: the scene behind `qrscene_`, unless the caller wrote a whole key (reference 3.3). */
function followKey(scene: string | undefined): string {
  return scene === undefined || scene === '' || /^(qrscene_|last_trade_no_)/.test(scene)
    ? (scene ?? '')
    : `qrscene_${scene}`;
}

function eventFields({ type, text = '', eventKey = '', ticket, fields }: Action): WritableFields {
  switch (type) {
    case 'subscribe':
      return { Event: 'subscribe', EventKey: followKey(eventKey), Ticket: eventKey === '' ? undefined : ticket };
    case 'unsubscribe':
      return { Event: 'unsubscribe', EventKey: eventKey };
    case 'scan':
      return { Event: 'SCAN', EventKey: eventKey, Ticket: ticket };
    case 'click':
      return { Event: 'CLICK', EventKey: eventKey };
    case 'view':
      return { Event: 'VIEW', EventKey: eventKey, MenuId: '1' };
    case 'view_miniprogram':
      return { Event: 'view_miniprogram', EventKey: eventKey, MenuId: '1' };
    case 'report_location':
      return { Event: 'LOCATION', Latitude: '31.230416', Longitude: '121.473701', Precision: '40.000000' };
    case 'scancode_push':
    case 'scancode_waitmsg':
      return { Event: type, EventKey: eventKey, ScanCodeInfo: { ScanType: 'qrcode', ScanResult: text } };
    case 'pic_sysphoto':
    case 'pic_photo_or_album':
    case 'pic_weixin':
      return {
        Event: type,
        EventKey: eventKey,
        SendPicsInfo: { Count: 1, PicList: { item: [{ PicMd5Sum: '5a75aaca956d97be686719218f275c6b' }] } },
      };
    case 'location_select':
      return {
        Event: type,
        EventKey: eventKey,
        SendLocationInfo: { Location_X: '31.230416', Location_Y: '121.473701', Scale: '16', Label: text, Poiname: '' },
      };
    case 'enter':
      return { Event: 'user_enter_tempsession', SessionFrom: eventKey };
    case 'raw':
      return fields?.['MsgType'] === undefined ? { Event: eventKey } : {};
    default:
      return { Event: jobEvents[type] ?? type };
  }
}

/** Results of sends and consents; their own fields come through `fields`. */
const jobEvents: Readonly<Record<string, string>> = {
  subscribe_msg_popup: 'subscribe_msg_popup_event',
  subscribe_msg_change: 'subscribe_msg_change_event',
  subscribe_msg_sent: 'subscribe_msg_sent_event',
  template_result: 'TEMPLATESENDJOBFINISH',
};
