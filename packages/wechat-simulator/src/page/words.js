import { deskWords } from './desk-words.js';
import { shopWords } from './shop-words.js';

/** Every word on the page, Chinese first. `{name}` is filled in. */
const words = {
  ...shopWords,
  ...deskWords,
  title: ['微信平台模拟器', 'WeChat platform simulator'],
  skip: ['跳到输入框', 'Skip to the text box'],
  accounts: ['账号', 'Accounts'],
  views: ['视图', 'Views'],
  viewPhone: ['手机', 'Phone'],
  viewDesk: ['后台', 'Behind the scenes'],
  people: ['粉丝', 'Followers'],
  addPerson: ['新粉丝', 'New follower'],
  more: ['更多', 'More'],
  chat: ['聊天记录', 'Chat'],
  live: ['实时', 'Live'],
  offline: ['已断开，正在重连', 'Disconnected, retrying'],
  language: ['English', '中文'],
  languageLabel: ['Switch to English', '切换为中文'],
  wire: ['往来报文', 'On the wire'],
  pushes: ['推送', 'Pushes'],
  calls: ['接口调用', 'API calls'],
  events: ['事件', 'Events'],
  refresh: ['刷新', 'Refresh'],
  faults: ['制造故障', 'Cause trouble'],
  clearFaults: ['清除', 'Clear'],
  inputLabel: ['输入消息', 'Write a message'],
  inputHint: ['试试发送“优惠券”', 'Try 优惠券'],
  send: ['发送', 'Send'],
  plus: ['更多动作', 'More actions'],
  follow: ['关注公众号', 'Follow this account'],
  followHint: ['{name} 还没有关注', '{name} does not follow yet'],
  unfollow: ['取消关注', 'Unfollow'],
  enter: ['进入客服会话', 'Open the chat'],
  refuse: ['拒收消息', 'Refuse messages'],
  accept: ['恢复接收消息', 'Accept messages again'],
  copyOpenid: ['复制 openid', 'Copy openid'],
  actImage: ['图片', 'Picture'],
  actVoice: ['语音', 'Voice'],
  actLocation: ['位置', 'Location'],
  actLink: ['链接', 'Link'],
  actScan: ['扫二维码', 'Scan a code'],
  actConsent: ['同意订阅', 'Subscribe'],
  voiceTitle: ['说一句话', 'Say something'],
  voiceLabel: ['语音识别结果', 'What was recognised'],
  scanTitle: ['扫带参数二维码', 'Scan a QR code with a scene'],
  scanLabel: ['场景值', 'Scene'],
  scanCodes: ['账号生成的二维码', 'Codes the account made'],
  scanWaitTitle: ['扫一扫', 'Scan'],
  scanWaitLabel: ['扫码结果', 'What the code says'],
  consentTitle: ['订阅消息授权', 'Consent to messages'],
  consentHint: ['选择愿意接收的消息：一次同意，收到一条', 'Choose: one consent is one message'],
  permits: ['剩余 {n} 次', '{n} left'],
  ok: ['确定', 'OK'],
  allow: ['允许', 'Allow'],
  reject: ['拒绝', 'Reject'],
  cancel: ['取消', 'Cancel'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  coupon: ['优惠券', 'Coupon'],
  couponCode: ['券码', 'Code'],
  waiting: ['等待应答…', 'Waiting for the answer…'],
  noMenu: ['没有菜单', 'No menu'],
  menu: ['菜单', 'Menu'],
  typing: ['对方正在输入…', 'typing…'],
  emptyChat: ['发一条消息，右边会显示它经过的每一步', 'Send a message; every step it takes shows beside it'],
  emptyPushes: ['这位粉丝还没有推送', 'Nothing pushed for this follower yet'],
  pickPush: ['选择左边的一条推送', 'Choose a push'],
  emptyCalls: ['还没有服务调用平台接口', 'No service has called the platform yet'],
  pickCall: ['选择左边的一次调用', 'Choose a call'],
  emptyEvents: ['还没有事件。领一张券看看', 'No events yet. Claim a coupon'],
  noClaimLog: ['领取日志服务没有应答', 'The claim log does not answer'],
  tabClear: ['明文', 'In clear'],
  tabSent: ['线上报文', 'As sent'],
  tabAnswer: ['应答', 'Answer'],
  tabAttempts: ['耗时与重试', 'Timing and attempts'],
  clearNote: ['签名并{mode}之前的内容', 'Before it was signed and {mode}'],
  modePlaintext: ['明文发送', 'sent in clear'],
  modeCompatible: ['加密（兼容模式）', 'encrypted (compatible mode)'],
  modeSafe: ['加密（安全模式）', 'encrypted (safe mode)'],
  address: ['地址', 'Address'],
  body: ['正文', 'Body'],
  answerClear: ['解密后', 'Decrypted'],
  noAnswer: ['没有应答', 'No answer'],
  emptyBody: ['空', 'empty'],
  shown: ['粉丝看到', 'The follower sees'],
  shownNothing: ['什么也不显示', 'nothing'],
  problem: ['不被接受', 'Not accepted'],
  attempt: ['第 {n} 次', 'Try {n}'],
  attemptsNote: ['5 秒内没有应答就再推，最多再推三次', 'Pushed again without an answer in 5 s, up to three times'],
  status: ['状态', 'Status'],
  request: ['请求', 'Request'],
  response: ['响应', 'Response'],
  caller: ['调用方', 'Caller'],
  fault: ['故障', 'Fault'],
  thisMessage: ['本条消息', 'This message'],
  offset: ['位点', 'offset'],
  partition: ['分区', 'partition'],
  faultsPush: ['微信推送 → 服务', 'WeChat pushes → service'],
  faultsApi: ['服务 → 微信接口', 'Service → WeChat API'],
  clock: ['平台时钟', 'Platform clock'],
  howOften: ['发生几次', 'How often'],
  once: ['下一次', 'once'],
  thrice: ['三次', '3 times'],
  always: ['一直', 'always'],
  left: ['还剩 {n}', '{n} left'],
  on: ['开启中', 'on'],
  slowPush: ['应答变慢 6 秒', 'Answers 6 s late'],
  lostPush: ['推送丢失', 'Push lost'],
  lostAnswer: ['应答丢失', 'Answer lost'],
  slowApi: ['变慢 6 秒', '6 s slow'],
  lostApi: ['无应答', 'No answer'],
  busy: ['-1 系统繁忙', '-1 busy'],
  token: ['40001 令牌失效', '40001 token'],
  quota: ['45009 超限额', '45009 quota'],
  http500: ['HTTP 500', 'HTTP 500'],
  clockNow: ['现在', 'Now'],
  clockReset: ['复位', 'Reset'],
  plus5min: ['+5 分钟', '+5 min'],
  plus2h: ['+2 小时', '+2 h'],
  plus48h: ['+48 小时', '+48 h'],
  officialAccount: ['公众号', 'Official Account'],
  miniProgram: ['小程序', 'Mini program'],
  failed: ['操作失败：{why}', 'That failed: {why}'],
  windows: ['还可发客服消息', 'Customer-service messages left'],
  noWindow: ['现在不能发客服消息', 'No customer-service message possible now'],
  today: ['今天', 'Today'],
  viaReply: ['被动回复', 'passive reply'],
  viaCustomerService: ['客服消息', 'customer service'],
  viaTemplate: ['模板消息', 'template message'],
  viaSubscribe: ['订阅消息', 'subscription message'],
  pushText: ['文本', 'text'],
  raw: ['原文', 'raw'],
};

/** What followers do, by the type of the push. */
const actions = {
  text: ['文本消息', 'text'],
  image: ['图片消息', 'picture'],
  voice: ['语音消息', 'voice'],
  video: ['视频消息', 'video'],
  shortvideo: ['小视频', 'short video'],
  location: ['位置消息', 'location'],
  link: ['链接消息', 'link'],
  miniprogrampage: ['小程序卡片', 'mini-program card'],
  subscribe: ['关注', 'follow'],
  unsubscribe: ['取消关注', 'unfollow'],
  scan: ['扫码', 'scan'],
  click: ['点击菜单', 'menu tap'],
  view: ['打开网页', 'page opened'],
  view_miniprogram: ['打开小程序', 'mini program opened'],
  report_location: ['上报位置', 'location report'],
  scancode_push: ['扫码', 'scan'],
  scancode_waitmsg: ['扫码等待', 'scan, wait'],
  pic_sysphoto: ['拍照', 'photo'],
  pic_photo_or_album: ['选图', 'picture'],
  pic_weixin: ['选图', 'picture'],
  location_select: ['选择位置', 'place chosen'],
  enter: ['进入会话', 'chat opened'],
  subscribe_msg_popup: ['订阅授权', 'consent'],
  subscribe_msg_change: ['订阅变更', 'consent changed'],
  subscribe_msg_sent: ['订阅消息结果', 'message result'],
  template_result: ['模板消息结果', 'template result'],
  raw: ['自定义', 'custom'],
};

/** Event types of the claim log. */
const eventTypes = {
  'campaign.created': ['活动创建', 'campaign created'],
  'campaign.changed': ['活动变更', 'campaign changed'],
  'coupon.claimed': ['领取成功', 'claimed'],
  'coupon.claim_refused': ['领取被拒', 'refused'],
  'coupon.locked': ['已锁定', 'locked'],
  'coupon.released': ['已释放', 'released'],
  'coupon.redeemed': ['已核销', 'redeemed'],
  'coupon.returned': ['已退回', 'returned'],
  'coupon.expired': ['已过期', 'expired'],
  'coupon.revoked': ['已作废', 'revoked'],
  'coupon.use_refused': ['使用被拒', 'use refused'],
  'payment.order_created': ['下单', 'order created'],
  'payment.order_priced': ['已定价', 'order priced'],
  'payment.order_paid': ['已支付', 'order paid'],
  'payment.order_closed': ['订单关闭', 'order closed'],
  'payment.refund_requested': ['申请退款', 'refund asked for'],
  'payment.refund_succeeded': ['退款成功', 'refund done'],
  'payment.refund_failed': ['退款失败', 'refund failed'],
  'payment.incident_found': ['待处理事项', 'incident'],
  'payment.incident_resolved': ['事项已处理', 'incident resolved'],
};

let language = localStorage.getItem('language') === 'en' ? 1 : 0;
const listeners = new Set();

const pick = (pair, index, fallback) => (pair === undefined ? fallback : pair[index]);

/** The word for `key` in the language chosen, with `{name}` filled in. */
export function t(key, values = {}) {
  const text = pick(words[key], language, key);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const known = (key) => key in words;

/** The half of a service's `中文 · English` that is in the language chosen; any other text whole. */
export function spoken(message) {
  const [, chinese, english] = /^(.*?\p{Script=Han}.*?) · (.+)$/su.exec(message) ?? [];
  return chinese === undefined ? message : pick([chinese, english], language, message);
}

export const actionName = (type) => pick(actions[type], language, type);
export const eventName = (type) => pick(eventTypes[type], language, type);
export const locale = () => (language === 0 ? 'zh-CN' : 'en-GB');

/** Runs `listener` now and after each change of language. */
export function onLanguage(listener) {
  listeners.add(listener);
  listener();
}

/** Fills in the words of elements that are in the page from the start. */
function fillPage() {
  document.documentElement.lang = locale();
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-t-label]'))
    element.setAttribute('aria-label', t(element.dataset.tLabel));
  for (const element of document.querySelectorAll('[data-t-other]'))
    element.textContent = pick(words[element.dataset.tOther], 1 - language, '');
}

export function toggleLanguage() {
  language = 1 - language;
  localStorage.setItem('language', language === 1 ? 'en' : 'zh');
  for (const listener of listeners) listener();
}

onLanguage(fillPage);
