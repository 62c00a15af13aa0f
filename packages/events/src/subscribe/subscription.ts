import type { TopicName } from '../catalogue.ts';
import type { EventOf } from '../event.ts';
import type { Context } from './take-batch.ts';

/**
 * Takes a batch of events of one partition, oldest first. What it throws is tried again, then sorted out event by event: see `attempts`,
 * `deadLetters` and `TryAgain`. Called again only when it has finished. The same event may come more than once.
 */
export type Handler<T extends TopicName = TopicName> = (events: EventOf<T>[], context: Context) => void | Promise<void>;

export type Subscription = {
  /**
   * Resolves when `stop` has done its work; rejects with the reason when the subscription could not go on. Not caught, that ends the
   * process: a subscription that died unnoticed would be worse.
   */
  closed: Promise<void>;
  /**
   * Finishes the batch the handler has, writes the group's place and leaves the group. Called in the handler it returns at once; wait for
   * `closed`.
   */
  stop: () => Promise<void>;
  /** Whether the group is joined and Kafka was heard of within the last minute: for a liveness probe. */
  healthy: () => boolean;
};
