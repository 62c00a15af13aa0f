import { expect, test } from '@jest/globals';
import { dedupeKey, sceneOf } from './identity.ts';

const event = { ToUserName: 'gh_1', FromUserName: 'oUser', CreateTime: '1', MsgType: 'event', Event: 'SCAN' };
const message = {
  ToUserName: 'gh_1',
  FromUserName: 'oUser',
  CreateTime: '1',
  MsgType: 'text',
  Content: 'a',
  MsgId: '7',
};

test('two events of one user in one second are two', () => {
  const keys = [
    event,
    { ...event, EventKey: 'a' },
    { ...event, EventKey: 'b' },
    { ...event, Event: 'VIEW', EventKey: 'a' },
    { ...event, Event: 'user_get_card', CardId: 'p1', UserCardCode: '1' },
    { ...event, Event: 'user_get_card', CardId: 'p1', UserCardCode: '2' },
    { ...event, Event: 'PUBLISHJOBFINISH', PublishEventInfo: { publish_id: '1' } },
    { ...event, Event: 'PUBLISHJOBFINISH', PublishEventInfo: { publish_id: '2' } },
    { ...event, Event: 'wxa_media_check', trace_id: '1' },
    { ...event, Event: 'wxa_media_check', trace_id: '2' },
    { ...event, Event: 'subscribe_msg_sent_event', List: [{ MsgID: '1' }] },
    { ...event, Event: 'subscribe_msg_sent_event', List: [{ MsgID: '2' }] },
  ].map(dedupeKey);
  expect(new Set(keys).size).toBe(keys.length);
});

test('the same push in XML and in JSON has the same key', () => {
  const list = [{ TemplateId: 't1' }, { TemplateId: 't2' }];
  const popup = { ...event, Event: 'subscribe_msg_popup_event' };
  expect(dedupeKey({ ...popup, SubscribeMsgPopupEvent: { List: list } })).toBe(dedupeKey({ ...popup, List: list }));
});

test('a message is known by its id, whatever case its type is written in', () => {
  expect(dedupeKey(message)).toBe('msgid:7');
  expect(dedupeKey({ ...message, MsgType: 'TEXT', CreateTime: '2' })).toBe('msgid:7');
});

test('an id on an event is not the id of the message it tells of', () => {
  expect(dedupeKey({ ...event, MsgType: 'Event', MsgId: '7' })).toBe('event:oUser:1:SCAN');
});

test('messages without an id are the same only when all of them is', () => {
  const bare = { ...message, MsgId: '' };
  expect(dedupeKey(bare)).toBe(dedupeKey({ ...bare }));
  expect(dedupeKey(bare)).not.toBe(dedupeKey({ ...bare, Content: 'b' }));
});

test('only follows and scans have a scene', () => {
  expect(sceneOf({ Event: 'CLICK', EventKey: 'qrscene_1' })).toBeUndefined();
  expect(sceneOf({ EventKey: 'qrscene_1' })).toBeUndefined();
  expect(sceneOf({ Event: 'SUBSCRIBE', EventKey: 'qrscene_qrscene_1' })).toBe('qrscene_1');
});
