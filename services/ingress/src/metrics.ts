import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

const results = [
  'text',
  'success',
  'late',
  'limited',
  'unavailable',
  'unauthorized',
  'invalid',
  'not_found',
  'conflict',
  'internal',
  'too big',
  'gone',
] as const;

/** How a push ended: the kind of its answer, or why it was refused. */
export type PushResult = (typeof results)[number];

const noticeResults = [
  'transaction',
  'refund',
  'other',
  'signtest',
  'unauthorized',
  'invalid',
  'unavailable',
  'too big',
  'gone',
  'internal',
] as const;

/** How a notice of WeChat Pay ended: what was published, or why it was refused. */
export type NoticeResult = (typeof noticeResults)[number];
export type NoticeDoor = 'v3' | 'v2' | 'v2 refund';

export type Metrics = ReturnType<typeof instruments>;

/** What ingress counts. Children are made once: looking a label up takes longer than counting. */
export function instruments(registry: Registry) {
  const registers = [registry];
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `lingquan_${name}`, help, labelNames, registers });

  const pushes = counter('pushes_total', 'Pushes by how they were answered or refused', 'result');
  const repeats = counter('push_repeats_total', 'Repeats of a push, by where its answer was found', 'found');
  const limited = counter(
    'pushes_limited_total',
    'Pushes not taken because of a limit: bulk claiming shows here',
    'limit',
  );
  const redis = counter('redis_failures_total', 'Calls to Redis that failed; ingress went on without', 'during');
  const replies = counter('replies_total', 'Outcomes read from ingress.replies', 'use');
  const wait = new Histogram({
    name: 'lingquan_outcome_wait_seconds',
    help: 'From a push that awaits its outcome to the outcome',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4],
    registers,
  });
  const asks = counter('asks_total', 'Commands whose outcome was waited for, by how the wait ended', 'result');
  const notices = counter('pay_notices_total', 'Notices of WeChat Pay by what became of them', 'door', 'result');
  const requests = counter(
    'api_requests_total',
    'Requests of shoppers and tills, by route and status',
    'route',
    'status',
  );
  const byResult = new Map(results.map((result) => [result, pushes.labels(result)]));
  return {
    /** `size` is asked for at each scrape. */
    underWay: (size: () => number): void =>
      void new Gauge({
        name: 'lingquan_pushes_under_way',
        help: 'Pushes not answered yet',
        registers,
        collect() {
          this.set(size());
        },
      }),
    asksUnderWay: (size: () => number): void =>
      void new Gauge({
        name: 'lingquan_asks_under_way',
        help: 'Commands whose outcome is waited for',
        registers,
        collect() {
          this.set(size());
        },
      }),
    asked: (result: 'answered' | 'late' | 'unavailable'): void => asks.labels(result).inc(),
    notice: (door: NoticeDoor, result: NoticeResult): void => notices.labels(door, result).inc(),
    /** `route` is a pattern, never what was asked for. */
    apiRequest: (route: string, status: number): void => requests.labels(route, String(status)).inc(),
    push: (result: PushResult): void => byResult.get(result)?.inc(),
    waited: (ms: number): void => wait.observe(ms / 1000),
    joined: repeats.labels('under way'),
    recalled: repeats.labels('redis'),
    limitedFollower: limited.labels('follower'),
    limitedAddress: limited.labels('address'),
    redisFailed: (during: 'recall' | 'remember' | 'callback addresses'): void => redis.labels(during).inc(),
    replyUsed: replies.labels('used'),
    replyUnclaimed: replies.labels('nobody waits'),
    replyForeign: replies.labels('another instance'),
    replyUnreadable: replies.labels('unreadable'),
  };
}
