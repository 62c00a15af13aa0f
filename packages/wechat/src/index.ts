export type { Account, PushFormat, Query } from './account.ts';
export { classify, outcomeOf, type ApiOutcome, type ApiResponse } from './api-response.ts';
export { decodeAesKey, open, seal } from './crypto.ts';
export { textOf, type Fields, type FieldValue } from './fields.ts';
export { dedupeKey, sceneOf } from './identity.ts';
export { toInboundPush } from './inbound.ts';
export { parseJson } from './json.ts';
export { writeJson } from './json-writer.ts';
export { cardSignature, jssdkSignature } from './jssdk.ts';
export { sealPush, signPush, type PushStamp } from './platform.ts';
export { maxAgeSecondsDefault, openPush, pushBodyMax, type OpenedPush, type PushRequest } from './push.ts';
export {
  imageReply,
  musicReply,
  newsReply,
  sealReply,
  success,
  textBytesMax,
  textReply,
  transferReply,
  videoReply,
  voiceReply,
  type Article,
  type Music,
  type ReplyHeader,
  type ReplySealing,
} from './reply.ts';
export { sameText, signatureMatches, signatureOf } from './signature.ts';
export { openUserData, rawDataMatches, sessionSignature, type EncryptedUserData, type UserData } from './user-data.ts';
export { verifyUrl } from './verify-url.ts';
export { isWxacodeScene } from './wxacode.ts';
export { parseXml, writeXml, type WritableFields, type WritableValue } from './xml.ts';
