import { asAppError } from '@lingquan/postgres';
import type { Pool } from 'pg';
import { COLUMNS } from './pages.ts';
import type { EventRow } from './pages.ts';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

export type DeliveryRow = {
  id: string;
  number: string;
  occurred_at: Date;
  event_id: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  due_at: Date;
  created_at: Date;
  last_at: Date | null;
  answer_status: number | null;
  error: string | null;
  duration_ms: number | null;
};

/** A delivery that was taken up: its end is ours to write down while `attempts`, which counts this try, stands. */
export type Task = { id: string; webhookId: string; attempts: number; firstAtMs: number; event: EventRow };

/** What came of a try. */
export type Settled = {
  id: string;
  attempts: number;
  state: DeliveryState;
  /** Until the next try; while pending. */
  inMs: number;
  messageId: string;
  answerStatus: number | null;
  error: string | null;
  durationMs: number;
};

/** A webhook gets so many deliveries made at a time, and none while so many wait to be tried, or to be tried again: the rest stays in the log. */
const MADE_MAX = 500;
const FRESH_MAX = 500;
const PENDING_MAX = 10_000;
/** So many numbers are looked through at a time. */
const SPAN_MAX = 20_000;

const KEPT = `interval '30 days'`;
const KEPT_EACH = 100_000;
const SWEEP_MAX = 5000;

export type DeliveryStore = ReturnType<typeof deliveryStore>;

export function deliveryStore(pool: Pool) {
  const rows = async <R extends object>(text: string, values: unknown[], name?: string): Promise<R[]> => {
    const result = await pool
      .query<R>({ text, values, ...(name === undefined ? {} : { name }) })
      .catch((error: unknown) => {
        throw asAppError(error);
      });
    return result.rows;
  };
  return {
    /**
     * Makes the deliveries of what was written up to `end`, and moves the webhooks' places past it: one statement, so that neither is
     * ever without the other. Passes over webhooks another process is at. Returns how many webhooks it moved.
     */
    make: async (owners: string[], end: number): Promise<number> => {
      const moved = await rows(
        `with behind as (
           select id, next_number, types, campaign_id, least($2, next_number + ${SPAN_MAX}) as until from webhook
           where state = 'active' and owner = any($1) and next_number < $2
             and (select count(*) filter (where attempts = 0) < ${FRESH_MAX} and count(*) < ${PENDING_MAX}
                  from webhook_delivery d where d.webhook_id = webhook.id and d.state = 'pending')
           for update skip locked),
         found as (
           select b.id as webhook_id, e.* from behind b cross join lateral (
             select number, occurred_at, event.id as event_id, type from event
             where number >= b.next_number and number < b.until
               and (b.types is null or type = any(b.types)) and (b.campaign_id is null or event.campaign_id = b.campaign_id)
             order by number limit ${MADE_MAX}) e),
         made as (
           insert into webhook_delivery (webhook_id, number, occurred_at, event_id, type)
           select webhook_id, number, occurred_at, event_id, type from found order by number),
         reached as (select webhook_id, count(*) as events, max(number) as number from found group by webhook_id)
         update webhook set next_number = case when r.events = ${MADE_MAX} then r.number + 1 else b.until end
         from behind b left join reached r on r.webhook_id = b.id
         where webhook.id = b.id returning webhook.id`,
        [owners, end],
        'webhook-make',
      );
      return moved.length;
    },
    /** Takes up what is due of each webhook, at most its `places`, for `leaseMs`: it comes due again if this process ends before its result is in the store. */
    take: async (places: { webhookId: string; max: number }[], leaseMs: number): Promise<Task[]> => {
      type TaskRow = { task: string; webhook_id: string; attempts: number; first_at: Date } & EventRow;
      const taken = await rows<TaskRow>(
        `with due as (
           select d.id from unnest($1::uuid[], $2::int[]) as free (webhook_id, places) cross join lateral (
             select id from webhook_delivery where webhook_id = free.webhook_id and state = 'pending' and due_at <= now()
             order by due_at, id limit free.places for update skip locked) d),
         taken as (
           update webhook_delivery d set attempts = attempts + 1, due_at = now() + $3 * interval '1 ms',
             first_at = coalesce(first_at, now())
           from due where d.id = due.id returning d.id as task, webhook_id, attempts, first_at, occurred_at as at, event_id)
         select task, webhook_id, attempts, first_at, ${COLUMNS.replaceAll(/\b(\w+)\b/g, 'e.$1')}
         from taken join event e on e.occurred_at = taken.at and e.id = taken.event_id`,
        [places.map(({ webhookId }) => webhookId), places.map(({ max }) => max), leaseMs],
        'webhook-take',
      );
      return taken.map(({ task, webhook_id, attempts, first_at, ...event }) => ({
        id: task,
        webhookId: webhook_id,
        attempts,
        firstAtMs: first_at.getTime(),
        event,
      }));
    },
    /** Writes down what came of tries, unless they were dropped or taken up anew meanwhile. */
    settle: (results: readonly Settled[]) =>
      rows(
        `update webhook_delivery d set state = s.state, due_at = now() + s.in_ms * interval '1 ms', last_at = now(),
           message_id = s.message_id, answer_status = s.answer_status, error = s.error, duration_ms = s.duration_ms
         from unnest($1::bigint[], $2::int[], $3::text[], $4::bigint[], $5::uuid[], $6::int[], $7::text[], $8::int[])
           as s (id, attempts, state, in_ms, message_id, answer_status, error, duration_ms)
         where d.id = s.id and d.attempts = s.attempts and d.state = 'pending'`,
        [
          results.map(({ id }) => id),
          results.map(({ attempts }) => attempts),
          results.map(({ state }) => state),
          results.map(({ inMs }) => inMs),
          results.map(({ messageId }) => messageId),
          results.map(({ answerStatus }) => answerStatus),
          results.map(({ error }) => error),
          results.map(({ durationMs }) => durationMs),
        ],
        'webhook-settle',
      ),
    /** The receiver wants nothing more. What waits stays, for when its owner says otherwise. */
    disable: (webhookId: string) => rows(`update webhook set state = 'gone' where id = $1`, [webhookId]),
    /** A webhook's log, the newest first. */
    list: (
      webhookId: string,
      { state, before, limit }: { state?: DeliveryState | undefined; before?: number | undefined; limit: number },
    ) =>
      rows<DeliveryRow>(
        `select * from webhook_delivery where webhook_id = $1 and ($2::text is null or state = $2) and ($3::bigint is null or id < $3)
         order by id desc limit $4`,
        [webhookId, state ?? null, before ?? null, limit],
      ),
    /** The place in the log of an event that was sent, by the id it was sent under. */
    numberOfMessage: async (webhookId: string, messageId: string): Promise<number | undefined> => {
      const [row] = await rows<{ number: string | null }>(
        'select min(number) as number from webhook_delivery where webhook_id = $1 and message_id = $2',
        [webhookId, messageId],
      );
      return typeof row?.number === 'string' ? Number(row.number) : undefined;
    },
    /** Forgets deliveries that are over: after 30 days, and but for the newest 100 000 of each webhook. */
    sweep: async (): Promise<void> => {
      for (;;) {
        const swept = await rows(
          `with old as (
             (select id from webhook_delivery where created_at < now() - ${KEPT} and state <> 'pending' order by id limit ${SWEEP_MAX})
             union
             (select d.id from webhook w
                cross join lateral (select id from webhook_delivery where webhook_id = w.id order by id desc offset ${KEPT_EACH} limit 1) edge
                cross join lateral (select id from webhook_delivery where webhook_id = w.id and id <= edge.id and state <> 'pending'
                                    order by id limit ${SWEEP_MAX}) d))
           delete from webhook_delivery d using old where d.id = old.id returning 1`,
          [],
        );
        if (swept.length < SWEEP_MAX) return;
      }
    },
  };
}
