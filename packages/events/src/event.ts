import type { Catalogue, MessageOn, TopicName } from './catalogue.ts';

/** What every event has, whatever it says. */
export type EventBase<T extends TopicName = TopicName> = {
  /** Names this event for ever: the same event delivered again, or published again after a crash, has the same id. Tell repeats by it. */
  id: string;
  /** Without the system's prefix, such as `coupon.events`. */
  topic: T;
  /** -1 when the record given to `decodeEvent` did not say. */
  partition: number;
  /** -1 when the record given to `decodeEvent` did not say. Fits a number: 2^53 records in one partition are out of reach. */
  offset: number;
  /** The record's key, such as the openid; null without one. */
  key: string | null;
  /** When it happened. */
  time: Date;
  /** The service that says it, such as `coupon-issuer`. */
  source: string;
  /** W3C trace context of what this began with. */
  traceparent: string | undefined;
  /** The whole message as `proto/` describes it: beside `data` what all kinds of the topic have, such as appid and openid. Money is bigint fen. */
  message: MessageOn<T>;
};

/** A kind that was added after this version of the package. Its bytes are in the topic for whoever updates. */
export type UnknownEvent<T extends TopicName = TopicName> = EventBase<T> & {
  type: 'unknown';
  /** Its ce_type. */
  unknownType: string;
  data: undefined;
};

/** The value one case of a message's oneof holds. */
type DataOf<Message, Oneof extends string, Case extends string> =
  Message extends Record<Oneof, infer Content>
    ? Extract<Content, { case: Case }> extends { value: infer Value }
      ? Value
      : never
    : never;

type Known<T extends TopicName> = Catalogue[T] extends {
  kinds: { oneof: infer Oneof extends string; types: infer Types extends Record<string, string> };
}
  ? {
      [Case in keyof Types & string]: EventBase<T> & {
        type: Types[Case];
        data: DataOf<MessageOn<T>, Oneof, Case>;
      };
    }[keyof Types & string]
  : Catalogue[T] extends { type: infer Type extends string }
    ? EventBase<T> & { type: Type; data: MessageOn<T> }
    : never;

/**
 * An event of these topics. `type` tells the kinds apart: after `if (event.type === 'coupon.claimed')` TypeScript knows what
 * `event.data` holds. Kinds newer than this package come as `unknown`, so that a new kind breaks nobody.
 */
export type EventOf<T extends TopicName = TopicName> = T extends TopicName ? Known<T> | UnknownEvent<T> : never;
