export { parseBill, type Bill, type BillRow, type BillSummary } from './bill.ts';
export { billColumns, billSummaryColumns, writeBill, type BillLine, type BillSums } from './bill-writer.ts';
export { busifavorPage, busifavorPluginSign, openJumpCode, type BusifavorIssue } from './busifavor.ts';
export { decide, plainCode, subCodeOf, type Action, type Operation, type PlatformRefusal } from './decision.ts';
export type { Refund, Transaction } from './model.ts';
export { fenOf, fenOfYuan, yuanOfFen } from './money.ts';
export { isOutRefundNo, isOutTradeNo } from './numbers.ts';
export { bytesMax, fitText } from './text.ts';
export { fromBeijing, fromRfc3339, toCompact, toRfc3339, toSpaced } from './time.ts';
export type { Reason, Refusal, Verdict } from './verdict.ts';
export { acknowledgement, refusalOfNotice } from './v2/acknowledge.ts';
export { readAnswer, type AnswerV2 } from './v2/answer.ts';
export { appParametersV2, clientParametersV2 } from './v2/client-parameters.ts';
export { openPaymentNotice, openRefundNotice, openReqInfo, sealRefundNotice, sealReqInfo } from './v2/notice.ts';
export { readRefundsV2, readRefundV2, readTransactionV2, refundStatusOf } from './v2/read.ts';
export { signParameters, stringToSign, verifyParameters, type Parameters, type SignType } from './v2/sign.ts';
export { parseMessage, plainMessage, signedMessage, type ParametersToSend } from './v2/xml.ts';
export {
  newestEffective,
  openCertificates,
  readCertificate,
  sealCertificates,
  type PlatformCertificate,
} from './v3/certificates.ts';
export { appParameters, clientMessage, clientParameters, type ClientParameters } from './v3/client-parameters.ts';
export { skewSecondsMax } from './v3/freshness.ts';
export { isObject, objectIn, parseObject, textIn, type Json } from './v3/json.ts';
export { isPublicKeyId, keyRing, sameSerialForm, type KeyRing } from './v3/keys.ts';
export { signatureHeaders, signMessage, signtestPrefix, verifyMessage, type Headers } from './v3/message.ts';
export {
  openNotification,
  sealNotification,
  type NoticeContent,
  type Notification,
  type NotificationToSeal,
  type ReceivedNotification,
} from './v3/notification.ts';
export { readRefund, readTransaction } from './v3/read.ts';
export {
  authorization,
  parseAuthorization,
  requestMessage,
  scheme,
  verifyRequest,
  type AuthorizationParts,
  type MerchantSigner,
  type SignedRequest,
} from './v3/request.ts';
export { openResource, sealResource, type SealedResource } from './v3/resource.ts';
export { decryptField, encryptField, matchesRsa, signRsa } from './v3/rsa.ts';
