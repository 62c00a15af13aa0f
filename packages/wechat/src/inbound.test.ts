import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AccountKind,
  InboundPushSchema,
  type InboundPush,
} from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { expect, test } from '@jest/globals';
import { vectors } from '../test/vectors.ts';
import type { Fields, FieldValue } from './fields.ts';
import { toInboundPush } from './inbound.ts';
import { parseJson } from './json.ts';
import { parseXml } from './xml.ts';

const account = { appid: 'wx0000000000000001', kind: 'official-account' } as const;
const common = { ToUserName: 'gh_1', FromUserName: 'oUser', CreateTime: '1767300001' };

/** Through the wire and back, as consumers get it. */
function inbound(fields: Fields): InboundPush {
  return fromBinary(InboundPushSchema, toBinary(InboundPushSchema, toInboundPush(account, { ...common, ...fields })));
}
const event = (Event: string, fields: Fields = {}) => inbound({ MsgType: 'event', Event, ...fields });
const rest = (push: InboundPush) => push.otherFields.map(({ path, value }) => [path, value]);
/** The content without protobuf's own members. */
const contentOf = (push: InboundPush) => plain(push.content) as { case: string; value: Record<string, unknown> };

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !name.startsWith('$'));
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

test('what every push has is in its own place', () => {
  const push = inbound({
    MsgType: 'text',
    Content: '查券',
    MsgId: '7400000000000000001',
    MsgDataId: '2247483650',
    Idx: '1',
  });
  expect(push).toMatchObject({
    appid: account.appid,
    accountKind: AccountKind.OFFICIAL_ACCOUNT,
    openid: 'oUser',
    toUserName: 'gh_1',
    createTime: { seconds: 1_767_300_001n, nanos: 0 },
    msgId: '7400000000000000001',
    msgDataId: '2247483650',
    idx: 1,
    content: { case: 'text', value: { content: '查券', bizmsgmenuid: '' } },
    otherFields: [],
  });
  const miniProgram = toInboundPush({ ...account, kind: 'mini-program' }, { ...common, MsgType: 'text' });
  expect(miniProgram.accountKind).toBe(AccountKind.MINI_PROGRAM);
});

const messageTypes = ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link', 'miniprogrampage'];

test.each(messageTypes)('a message of type %s has a place of its own, in any case', (type) => {
  expect(inbound({ MsgType: type }).content.case).toBe(type);
  expect(inbound({ MsgType: type.toUpperCase() }).content.case).toBe(type);
});

const eventCases: Record<string, string> = {
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
  SCAN: 'scan',
  LOCATION: 'locationReport',
  CLICK: 'click',
  VIEW: 'view',
  view_miniprogram: 'viewMiniprogram',
  scancode_push: 'scancodePush',
  scancode_waitmsg: 'scancodeWaitmsg',
  pic_sysphoto: 'picSysphoto',
  pic_photo_or_album: 'picPhotoOrAlbum',
  pic_weixin: 'picWeixin',
  location_select: 'locationSelect',
  TEMPLATESENDJOBFINISH: 'templateSendJobFinish',
  MASSSENDJOBFINISH: 'massSendJobFinish',
  PUBLISHJOBFINISH: 'publishJobFinish',
  subscribe_msg_popup_event: 'subscribeMsgPopup',
  subscribe_msg_change_event: 'subscribeMsgChange',
  subscribe_msg_sent_event: 'subscribeMsgSent',
  kf_create_session: 'kfCreateSession',
  kf_close_session: 'kfCloseSession',
  kf_switch_session: 'kfSwitchSession',
  qualification_verify_success: 'qualificationVerifySuccess',
  naming_verify_success: 'namingVerifySuccess',
  annual_renew: 'annualRenew',
  verify_expired: 'verifyExpired',
  qualification_verify_fail: 'qualificationVerifyFail',
  naming_verify_fail: 'namingVerifyFail',
  user_scan_product: 'userScanProduct',
  user_scan_product_enter_session: 'userScanProductEnterSession',
  user_scan_product_async: 'userScanProductAsync',
  user_scan_product_verify_action: 'userScanProductVerifyAction',
  user_info_modified: 'userInfoModified',
  user_authorization_revoke: 'userAuthorizationRevoke',
  user_authorization_cancellation: 'userAuthorizationCancellation',
  card_pass_check: 'cardPassCheck',
  card_not_pass_check: 'cardNotPassCheck',
  user_get_card: 'userGetCard',
  user_gifting_card: 'userGiftingCard',
  user_del_card: 'userDelCard',
  user_consume_card: 'userConsumeCard',
  user_pay_from_pay_cell: 'userPayFromPayCell',
  user_view_card: 'userViewCard',
  user_enter_session_from_card: 'userEnterSessionFromCard',
  update_member_card: 'updateMemberCard',
  card_sku_remind: 'cardSkuRemind',
  card_pay_order: 'cardPayOrder',
  submit_membercard_user_info: 'submitMembercardUserInfo',
  user_enter_tempsession: 'userEnterTempsession',
  wxa_media_check: 'wxaMediaCheck',
  notify_service_msg_send_result: 'notifyServiceMsgSendResult',
  debug_demo: 'debugDemo',
};

test.each(Object.entries(eventCases))('the event %s has a place of its own, in any case', (name, place) => {
  for (const written of [name, name.toUpperCase(), name.toLowerCase()]) {
    expect(inbound({ MsgType: 'Event', Event: written }).content.case).toBe(place);
  }
});

test('the schema has no other places than these', () => {
  const [content] = InboundPushSchema.oneofs;
  const places = content?.fields.map((field) => field.localName) ?? [];
  expect(places.toSorted()).toEqual([...messageTypes, ...Object.values(eventCases), 'unknown'].toSorted());
});

function leavesOf(value: FieldValue): string[] {
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(leavesOf);
}

/** Every value of a typed push as text; numbers as JavaScript writes them. */
function valuesOf(value: unknown): string[] {
  if (typeof value === 'boolean') return [value ? '1' : '0'];
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(valuesOf);
}

const samples = [
  ...vectors.xml_samples.map(({ id, xml }) => ({ id, fields: parseXml(xml) })),
  ...vectors.json_push_samples.map(({ id, raw }) => ({ id, fields: parseJson(raw) })),
];

test.each(samples)('nothing of the sample $id is lost', ({ fields }) => {
  const push = toInboundPush(account, fields);
  const kept = new Set(valuesOf(push));
  const lost = leavesOf(fields).filter((leaf) => {
    const isType = leaf === fields['MsgType'] || leaf === fields['Event'];
    return !isType && leaf !== '' && !kept.has(leaf) && !kept.has(String(Number(leaf)));
  });
  expect(lost).toEqual([]);
  // Every sample is of a known type with known fields, but for the one of the future.
  const isUnknown = fields['Event'] === 'some_future_event';
  expect(push.content.case === 'unknown').toBe(isUnknown);
  expect(push.otherFields).toEqual([]);
});

test('a type of the future is kept whole', () => {
  const push = event('some_future_event', {
    Whatever: { Deep: ['1', { Deeper: '' }] },
    List: [{ a: '1' }, { a: '2' }],
  });
  expect(contentOf(push)).toEqual({
    case: 'unknown',
    value: {
      msgType: 'event',
      event: 'some_future_event',
      fields: [
        { path: 'Whatever.Deep[0]', value: '1' },
        { path: 'Whatever.Deep[1].Deeper', value: '' },
        { path: 'List[0].a', value: '1' },
        { path: 'List[1].a', value: '2' },
      ],
    },
  });
  expect(push.openid).toBe('oUser');
  expect(inbound({ MsgType: 'hologram', Content: 'a', MsgId: '7' }).content).toMatchObject({
    case: 'unknown',
    value: { msgType: 'hologram', event: '', fields: [{ path: 'Content', value: 'a' }] },
  });
});

test('an event without a name is of an unknown type', () => {
  expect(inbound({ MsgType: 'event' }).content).toMatchObject({
    case: 'unknown',
    value: { msgType: 'event', event: '' },
  });
});

test('names that every object has are no types', () => {
  for (const name of ['constructor', 'toString', '__proto__']) {
    expect(inbound({ MsgType: name }).content.case).toBe('unknown');
    expect(event(name).content.case).toBe('unknown');
  }
});

test('new fields of a known type are kept beside it, wherever they stand', () => {
  const push = event('scancode_push', {
    EventKey: 'K',
    ScanCodeInfo: { ScanType: 'qrcode', ScanResult: 'r', Confidence: '0.9' },
    NewGroup: { a: '1' },
  });
  expect(push.content).toMatchObject({
    case: 'scancodePush',
    value: { eventKey: 'K', scanType: 'qrcode', scanResult: 'r' },
  });
  expect(rest(push)).toEqual([
    ['NewGroup.a', '1'],
    ['ScanCodeInfo.Confidence', '0.9'],
  ]);
  const popup = event('subscribe_msg_popup_event', { List: [{ TemplateId: 't1' }, { TemplateId: 't2', New: 'n' }] });
  expect(rest(popup)).toEqual([['List[1].New', 'n']]);
});

test('a text that carries an Event is a text', () => {
  const push = inbound({ MsgType: 'text', Content: 'a', Event: 'subscribe' });
  expect(push.content.case).toBe('text');
  expect(rest(push)).toEqual([['Event', 'subscribe']]);
});

const odd: Record<string, [fields: Fields, place: string, other: [string, string][]]> = {
  'a creation time that is none': [{ MsgType: 'text', CreateTime: 'today' }, 'text', [['CreateTime', 'today']]],
  'an article index that is none': [{ MsgType: 'text', Idx: '1.5' }, 'text', [['Idx', '1.5']]],
  'a place that is none': [
    { MsgType: 'location', Location_X: '31,23', Location_Y: 'NaN' },
    'location',
    [
      ['Location_X', '31,23'],
      ['Location_Y', 'NaN'],
    ],
  ],
  'a number too big': [
    { MsgType: 'event', Event: 'MASSSENDJOBFINISH', TotalCount: '2147483648' },
    'massSendJobFinish',
    [['TotalCount', '2147483648']],
  ],
  'an amount with a point': [
    { MsgType: 'event', Event: 'user_pay_from_pay_cell', Fee: '100.00' },
    'userPayFromPayCell',
    [['Fee', '100.00']],
  ],
  'a flag that is none': [
    { MsgType: 'event', Event: 'user_get_card', IsGiveByFriend: 'yes' },
    'userGetCard',
    [['IsGiveByFriend', 'yes']],
  ],
  'a group where text belongs': [{ MsgType: 'text', Content: { a: '1' } }, 'text', [['Content.a', '1']]],
  'text where a group belongs': [
    { MsgType: 'event', Event: 'scancode_push', ScanCodeInfo: 'r' },
    'scancodePush',
    [['ScanCodeInfo', 'r']],
  ],
  'text where a list belongs': [
    { MsgType: 'event', Event: 'subscribe_msg_popup_event', List: 't1' },
    'subscribeMsgPopup',
    [['List', 't1']],
  ],
  'a list of texts and groups': [
    { MsgType: 'event', Event: 'wxa_media_check', detail: [{ label: '1' }, 'x'] },
    'wxaMediaCheck',
    [
      ['detail[0].label', '1'],
      ['detail[1]', 'x'],
    ],
  ],
  'failed articles that are no numbers': [
    { MsgType: 'event', Event: 'PUBLISHJOBFINISH', PublishEventInfo: { fail_idx: ['1', 'x'] } },
    'publishJobFinish',
    [
      ['PublishEventInfo.fail_idx[0]', '1'],
      ['PublishEventInfo.fail_idx[1]', 'x'],
    ],
  ],
};

test.each(Object.entries(odd))('%s does not lose the push and is kept as it came', (_name, [fields, place, other]) => {
  const push = inbound(fields);
  expect(push.content.case).toBe(place);
  expect(rest(push)).toEqual(other);
});

test('missing numbers are not zero', () => {
  expect(contentOf(inbound({ MsgType: 'location', Label: 'a' }))).toEqual({ case: 'location', value: { label: 'a' } });
  expect(contentOf(inbound({ MsgType: 'location', Location_X: '0', Location_Y: '-0.5', Scale: '' }))).toEqual({
    case: 'location',
    value: { latitude: 0, longitude: -0.5, label: '' },
  });
});

test('the scene of a follow stands beside its key', () => {
  expect(contentOf(event('subscribe', { EventKey: 'qrscene_inv_1', Ticket: 't' }))).toEqual({
    case: 'subscribe',
    value: { eventKey: 'qrscene_inv_1', ticket: 't', scene: 'inv_1' },
  });
  expect(event('subscribe', { EventKey: 'last_trade_no_42' }).content).toMatchObject({ value: { scene: '' } });
});

test('an article published, with those that failed', () => {
  const item = [
    { idx: '1', article_url: 'https://a.example/1' },
    { idx: '2', article_url: 'https://a.example/2' },
  ];
  const PublishEventInfo = {
    publish_id: '2247503051',
    publish_status: '0',
    article_id: 'a',
    article_detail: { count: '2', item },
    fail_idx: ['3', '4'],
  };
  const push = event('PUBLISHJOBFINISH', { PublishEventInfo });
  expect(push.content).toMatchObject({
    value: {
      publishId: '2247503051',
      publishStatus: '0',
      articles: [{ articleIdx: 1 }, { articleUrl: 'https://a.example/2' }],
      failIdx: [3, 4],
    },
  });
  expect(rest(push)).toEqual([]);
  const wrong = event('PUBLISHJOBFINISH', { PublishEventInfo: { article_detail: { count: '3', item } } });
  expect(rest(wrong)).toEqual([['PublishEventInfo.article_detail.count', '3']]);
  expect(
    event('PUBLISHJOBFINISH', { PublishEventInfo: { article_detail: { item: item[0] ?? '' }, fail_idx: '3' } }).content,
  ).toMatchObject({
    value: { articles: [{ articleIdx: 1 }], failIdx: [3] },
  });
});

test('the change event is read from the group of the popup too', () => {
  const List = [{ TemplateId: 't1', SubscribeStatusString: 'reject' }];
  for (const fields of [{ SubscribeMsgPopupEvent: { List } }, { SubscribeMsgChangeEvent: { List } }, { List }]) {
    expect(event('subscribe_msg_change_event', fields).content).toMatchObject({
      value: { list: [{ templateId: 't1', subscribeStatusString: 'reject' }] },
    });
  }
});

test('amounts are fen, codes keep their zeros, codes of a revocation are a list', () => {
  expect(
    event('user_pay_from_pay_cell', { UserCardCode: '0012', Fee: '10000', OriginalFee: '' }).content,
  ).toMatchObject({
    value: { userCardCode: '0012', feeFen: 10_000n },
  });
  expect(event('user_authorization_revoke', { RevokeInfo: '1,2' }).content).toMatchObject({
    value: { revokeInfo: ['1', '2'] },
  });
  expect(event('verify_expired', { ExpiredTime: '1442401156' }).content).toMatchObject({
    value: { expiredTime: { seconds: 1_442_401_156n } },
  });
});

test('a check of a picture', () => {
  const push = event('wxa_media_check', {
    appid: 'wx1',
    trace_id: 't',
    version: '2',
    errcode: '0',
    errmsg: 'ok',
    detail: [{ strategy: 'content_model', errcode: '0', suggest: 'pass', label: '100', prob: '90.5' }],
    result: { suggest: 'pass', label: '100' },
  });
  expect(push.content).toMatchObject({
    value: {
      traceId: 't',
      suggest: 'pass',
      label: '100',
      errcode: 0,
      detail: [{ strategy: 'content_model', prob: 90.5 }],
    },
  });
  expect(rest(push)).toEqual([]);
});
