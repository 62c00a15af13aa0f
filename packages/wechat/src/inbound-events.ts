import type { FieldReader } from './field-reader.ts';
import type { ContentReader } from './inbound-content.ts';
import { place } from './inbound-messages.ts';

/** By Event in lower case (reference 3.3). */
export const accountEvents: Readonly<Record<string, ContentReader>> = {
  subscribe: (push, scene) => ({
    case: 'subscribe',
    value: { eventKey: push.text('EventKey'), ticket: push.text('Ticket'), scene },
  }),
  unsubscribe: (push) => ({ case: 'unsubscribe', value: { eventKey: push.text('EventKey') } }),
  scan: (push) => ({ case: 'scan', value: { eventKey: push.text('EventKey'), ticket: push.text('Ticket') } }),
  location: (push) => ({
    case: 'locationReport',
    value: {
      latitude: push.double('Latitude'),
      longitude: push.double('Longitude'),
      precision: push.double('Precision'),
    },
  }),
  click: (push) => ({ case: 'click', value: { eventKey: push.text('EventKey') } }),
  view: (push) => ({ case: 'view', value: view(push) }),
  view_miniprogram: (push) => ({ case: 'viewMiniprogram', value: view(push) }),
  scancode_push: (push) => ({ case: 'scancodePush', value: scanCode(push) }),
  scancode_waitmsg: (push) => ({ case: 'scancodeWaitmsg', value: scanCode(push) }),
  pic_sysphoto: (push) => ({ case: 'picSysphoto', value: pictures(push) }),
  pic_photo_or_album: (push) => ({ case: 'picPhotoOrAlbum', value: pictures(push) }),
  pic_weixin: (push) => ({ case: 'picWeixin', value: pictures(push) }),
  location_select: (push) => ({ case: 'locationSelect', value: locationSelect(push) }),
  templatesendjobfinish: (push) => ({
    case: 'templateSendJobFinish',
    value: { msgId: push.text('MsgID'), status: push.text('Status') },
  }),
  masssendjobfinish: (push) => ({ case: 'massSendJobFinish', value: massSend(push) }),
  publishjobfinish: (push) => ({ case: 'publishJobFinish', value: publish(push.group('PublishEventInfo')) }),
  subscribe_msg_popup_event: (push) => ({
    case: 'subscribeMsgPopup',
    value: { list: subscribeList(push).map(answer) },
  }),
  subscribe_msg_change_event: (push) => ({
    case: 'subscribeMsgChange',
    value: { list: subscribeList(push).map(answer) },
  }),
  subscribe_msg_sent_event: (push) => ({ case: 'subscribeMsgSent', value: { list: subscribeList(push).map(sent) } }),
  kf_create_session: (push) => ({ case: 'kfCreateSession', value: { kfAccount: push.text('KfAccount') } }),
  kf_close_session: (push) => ({ case: 'kfCloseSession', value: { kfAccount: push.text('KfAccount') } }),
  kf_switch_session: (push) => ({
    case: 'kfSwitchSession',
    value: { fromKfAccount: push.text('FromKfAccount'), toKfAccount: push.text('ToKfAccount') },
  }),
  qualification_verify_success: (push) => ({ case: 'qualificationVerifySuccess', value: verified(push) }),
  naming_verify_success: (push) => ({ case: 'namingVerifySuccess', value: verified(push) }),
  annual_renew: (push) => ({ case: 'annualRenew', value: verified(push) }),
  verify_expired: (push) => ({ case: 'verifyExpired', value: verified(push) }),
  qualification_verify_fail: (push) => ({ case: 'qualificationVerifyFail', value: verifyFailed(push) }),
  naming_verify_fail: (push) => ({ case: 'namingVerifyFail', value: verifyFailed(push) }),
  user_scan_product: (push) => ({ case: 'userScanProduct', value: scanProduct(push) }),
  user_scan_product_enter_session: (push) => ({ case: 'userScanProductEnterSession', value: scanProduct(push) }),
  user_scan_product_async: (push) => ({ case: 'userScanProductAsync', value: scanProduct(push) }),
  user_scan_product_verify_action: (push) => ({ case: 'userScanProductVerifyAction', value: scanProduct(push) }),
  user_info_modified: (push) => ({ case: 'userInfoModified', value: privacy(push) }),
  user_authorization_revoke: (push) => ({ case: 'userAuthorizationRevoke', value: privacy(push) }),
  user_authorization_cancellation: (push) => ({ case: 'userAuthorizationCancellation', value: privacy(push) }),
};

/** By Event in lower case: those only mini programs get (reference section 13). */
export const miniProgramEvents: Readonly<Record<string, ContentReader>> = {
  user_enter_tempsession: (push) => ({
    case: 'userEnterTempsession',
    value: { sessionFrom: push.text('SessionFrom') },
  }),
  wxa_media_check: (push) => ({ case: 'wxaMediaCheck', value: mediaCheck(push) }),
  notify_service_msg_send_result: (push) => ({
    case: 'notifyServiceMsgSendResult',
    value: {
      notifyCode: push.text('notify_code'),
      notifyType: push.text('notify_type'),
      cardStatus: push.text('card_status'),
      failRet: push.text('fail_ret'),
      failMsg: push.text('fail_msg'),
    },
  }),
  debug_demo: (push) => ({ case: 'debugDemo', value: { debugStr: push.text('debug_str') } }),
};

const view = (push: FieldReader) => ({ eventKey: push.text('EventKey'), menuId: push.text('MenuId') });

function scanCode(push: FieldReader) {
  const info = push.group('ScanCodeInfo');
  return { eventKey: push.text('EventKey'), scanType: info.text('ScanType'), scanResult: info.text('ScanResult') };
}

/** WeChat was seen to send one PicList with all pictures and one PicList for each. */
function pictures(push: FieldReader) {
  const info = push.group('SendPicsInfo');
  const items = info.list('PicList').flatMap((list) => list.list('item'));
  return {
    eventKey: push.text('EventKey'),
    count: info.int('Count'),
    picMd5Sums: items.map((item) => item.text('PicMd5Sum')),
  };
}

function locationSelect(push: FieldReader) {
  const info = push.group('SendLocationInfo');
  return {
    eventKey: push.text('EventKey'),
    ...place(info),
    scale: info.int('Scale'),
    label: info.text('Label'),
    poiname: info.text('Poiname'),
  };
}

function massSend(push: FieldReader) {
  const check = push.group('CopyrightCheckResult');
  const checked = check.group('ResultList').list('item');
  const published = push.group('ArticleUrlResult');
  const urls = published.group('ResultList').list('item');
  check.lengthOf('Count', checked);
  published.lengthOf('Count', urls);
  return {
    msgId: push.text('MsgID'),
    status: push.text('Status'),
    totalCount: push.int('TotalCount'),
    filterCount: push.int('FilterCount'),
    sentCount: push.int('SentCount'),
    errorCount: push.int('ErrorCount'),
    copyrightChecks: checked.map(copyrightCheck),
    copyrightCheckState: check.text('CheckState'),
    articleUrls: urls.map((item) => ({ articleIdx: item.int('ArticleIdx'), articleUrl: item.text('ArticleUrl') })),
  };
}

const copyrightCheck = (item: FieldReader) => ({
  articleIdx: item.int('ArticleIdx'),
  userDeclareState: item.text('UserDeclareState'),
  auditState: item.text('AuditState'),
  originalArticleUrl: item.text('OriginalArticleUrl'),
  originalArticleType: item.text('OriginalArticleType'),
  canReprint: item.bool('CanReprint'),
  needReplaceContent: item.bool('NeedReplaceContent'),
  needShowReprintSource: item.bool('NeedShowReprintSource'),
});

function publish(info: FieldReader) {
  const detail = info.group('article_detail');
  const articles = detail.list('item');
  detail.lengthOf('count', articles);
  return {
    publishId: info.text('publish_id'),
    publishStatus: info.text('publish_status'),
    articleId: info.text('article_id'),
    articles: articles.map((item) => ({ articleIdx: item.int('idx'), articleUrl: item.text('article_url') })),
    failIdx: info.ints('fail_idx'),
  };
}

/** The entries of a subscribe event: bare in JSON, else in a group; an old sample of the change event uses the popup's group. */
const subscribeList = (push: FieldReader): FieldReader[] => [
  ...push.list('List'),
  ...push.group('SubscribeMsgPopupEvent').list('List'),
  ...push.group('SubscribeMsgChangeEvent').list('List'),
  ...push.group('SubscribeMsgSentEvent').list('List'),
];

const answer = (entry: FieldReader) => ({
  templateId: entry.text('TemplateId'),
  subscribeStatusString: entry.text('SubscribeStatusString'),
  popupScene: entry.text('PopupScene'),
});

const sent = (entry: FieldReader) => ({
  templateId: entry.text('TemplateId'),
  msgId: entry.text('MsgID'),
  errorCode: entry.int('ErrorCode'),
  errorStatus: entry.text('ErrorStatus'),
});

const verified = (push: FieldReader) => ({ expiredTime: push.time('ExpiredTime') });
const verifyFailed = (push: FieldReader) => ({ failTime: push.time('FailTime'), failReason: push.text('FailReason') });

const scanProduct = (push: FieldReader) => ({
  keyStandard: push.text('KeyStandard'),
  keyStr: push.text('KeyStr'),
  country: push.text('Country'),
  province: push.text('Province'),
  city: push.text('City'),
  sex: push.text('Sex'),
  scene: push.text('Scene'),
  extInfo: push.text('ExtInfo'),
  regionCode: push.text('RegionCode'),
  result: push.text('Result'),
  reasonMsg: push.text('ReasonMsg'),
});

const privacy = (push: FieldReader) => ({
  openid: push.text('OpenID'),
  appid: push.text('AppID'),
  revokeInfo: push.text('RevokeInfo').split(',').filter(Boolean),
  pluginId: push.text('PluginID'),
  openPid: push.text('OpenPID'),
});

function mediaCheck(push: FieldReader) {
  const result = push.group('result');
  const detail = push.list('detail').map((item) => ({
    strategy: item.text('strategy'),
    errcode: item.int('errcode'),
    suggest: item.text('suggest'),
    label: item.text('label'),
    prob: item.double('prob'),
  }));
  return {
    appid: push.text('appid'),
    traceId: push.text('trace_id'),
    version: push.text('version'),
    detail,
    errcode: push.int('errcode'),
    errmsg: push.text('errmsg'),
    suggest: result.text('suggest'),
    label: result.text('label'),
  };
}
