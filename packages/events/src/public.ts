// What the published package offers. The workspace's own modules, which its services import one by one, are not part of it.
export { AppError as LingquanError } from '@lingquan/errors';
export { catalogue } from './catalogue.ts';
export type { Catalogue, MessageOn, TopicContent, TopicName } from './catalogue.ts';
export { decodeEvent, eventToJson, validate } from './decode-event.ts';
export type { Validation } from './decode-event.ts';
export { deduplicated } from './deduplicated.ts';
export type { EventBase, EventOf, UnknownEvent } from './event.ts';
export type { AnyHeaders, AnyRecord } from './received-record.ts';
export type { DeadLetter, DeadLetters } from './subscribe/dead-letters.ts';
export type { From } from './subscribe/from.ts';
export type { LostEvents, SubscribeOptions } from './subscribe/options.ts';
export { subscribe } from './subscribe/subscribe.ts';
export type { Handler, Subscription } from './subscribe/subscription.ts';
export type { Context } from './subscribe/take-batch.ts';
export { TryAgain } from './subscribe/try-again.ts';
