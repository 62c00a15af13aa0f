export { decode } from './decode.ts';
export { asTraceparent, envelopeOf, replyAddressOf, toHeaders } from './envelope.ts';
export type { Envelope, Headers, ReceivedHeaders, ReplyAddress } from './envelope.ts';
export { isUuid, outcomeId, pushId, uuidOf } from './ids.ts';
export { deadLetterTopic, topics } from './topics.ts';
export type { TopicDefinition } from './topics.ts';
