import type { KeyObject } from 'node:crypto';
import type { Log } from '@lingquan/log';
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Access } from '../access/access.ts';
import type { ViewFor } from '../http/event-view.ts';
import type { DeliveryStore, Settled, Task } from '../store/deliveries.ts';
import type { WebhookRow, WebhookStore } from '../store/webhooks.ts';
import type { Tail } from '../stream/tail.ts';
import { openLanes } from './lanes.ts';
import { eventMessage, secretsOf } from './message.ts';
import type { Post } from './post.ts';
import { signedHeaders } from './secret.ts';
import { settler } from './settle.ts';
import { judge } from './verdict.ts';
import type { RetryRule } from './verdict.ts';

export type SenderOptions = {
  webhooks: WebhookStore;
  deliveries: DeliveryStore;
  access: Access;
  tail: Tail;
  post: Post;
  viewFor: ViewFor;
  keys: readonly KeyObject[];
  retry: RetryRule;
  timeoutMs: number;
  log: Log;
  metrics: Registry;
};

export type Sender = { wake: () => void; stop: () => Promise<void> };

/** What is due now and then, and webhooks changed at another instance. */
const LOOK_MS = 1000;
const SWEEP_EVERY_MS = 60_000;
/** Longer than a try takes: then whoever took it is gone. */
const LEASE_BEYOND_MS = 15_000;
/** Messages under way when the process stops have so long; then they are given up, and sent again by another. */
const STOP_MS = 3000;

/**
 * Sends what webhooks are to get: makes deliveries of what was written, takes those that are due, sends each and writes down what
 * came of it. Several processes share the work. Killed anywhere it sends again what it did not write down.
 */
export function startSender(options: SenderOptions): Sender {
  const { webhooks, deliveries, access, tail, post, viewFor, keys, retry, timeoutMs, log, metrics } = options;
  const lanes = openLanes();
  const underWay = new Set<Promise<void>>();
  const results = settler(deliveries, log);
  const stopped = new AbortController();
  const givenUp = new AbortController();
  const tries = new Counter({
    name: 'lingquan_webhook_tries_total',
    help: 'Tries to deliver to webhooks, by what came of them',
    labelNames: ['outcome'],
    registers: [metrics],
  });
  let nudge = () => {};
  let nudged = false;

  async function send(task: Task, webhook: WebhookRow): Promise<Settled | undefined> {
    const role = access.roleOf(webhook.owner);
    if (role === undefined) return undefined; // its lease runs out, and it waits for an owner
    const atMs = Date.now();
    const message = eventMessage(viewFor, role, task.event, atMs);
    const headers = signedHeaders(message, secretsOf(keys, webhook, atMs));
    const answer = await post.send(webhook.url, headers, message.body, givenUp.signal);
    if (givenUp.signal.aborted) return undefined;
    const nowMs = Date.now();
    const verdict = judge(answer, { ...task, nowMs, chance: Math.random() }, retry);
    tries.inc({ outcome: verdict.kind });
    if (verdict.kind === 'gone') await deliveries.disable(webhook.id);
    return {
      id: task.id,
      attempts: task.attempts,
      state: verdict.kind === 'delivered' ? 'delivered' : verdict.kind === 'again' ? 'pending' : 'failed',
      inMs: verdict.kind === 'again' ? verdict.inMs : 0,
      messageId: message.id,
      answerStatus: 'status' in answer ? answer.status : null,
      error: 'error' in answer ? answer.error : null,
      durationMs: nowMs - atMs,
    };
  }

  async function handle(task: Task, webhook: WebhookRow): Promise<void> {
    let settled: Settled | undefined;
    try {
      settled = await send(task, webhook);
    } catch (error) {
      log.error({ err: error, webhook: webhook.id }, 'a webhook message could not be made; it is tried again');
    } finally {
      lanes.end(webhook.id, settled?.state === 'delivered'); // the next message need not wait for the note
      if (lanes.free(webhook.id) > 0) wake();
    }
    if (settled !== undefined) await results.add(settled);
  }

  function launch(task: Task, webhook: WebhookRow): void {
    lanes.begin(webhook.id);
    const handling: Promise<void> = handle(task, webhook).finally(() => underWay.delete(handling));
    underWay.add(handling);
  }

  /** Returns whether there may be more to do at once. */
  async function turn(): Promise<boolean> {
    if (keys.length === 0) return false; // nothing can be signed
    const owners = access.owners();
    const served = new Map((await webhooks.served(owners)).map((webhook) => [webhook.id, webhook]));
    if (served.size === 0) return false;
    const end = tail.end();
    const behind = [...served.values()].some(({ next_number: next }) => Number(next) < end);
    const moved = behind ? await deliveries.make(owners, end) : 0;
    const places = [...served.keys()].map((webhookId) => ({ webhookId, max: lanes.free(webhookId) }));
    const free = places.filter(({ max }) => max > 0);
    const tasks = free.length === 0 ? [] : await deliveries.take(free, timeoutMs + LEASE_BEYOND_MS);
    for (const task of tasks) launch(task, served.get(task.webhookId)!);
    return moved > 0 || tasks.length > 0;
  }

  function wake(): void {
    nudged = true;
    nudge();
  }

  const rest = async () => {
    if (!nudged) {
      const reached = tail.end();
      const over = new AbortController();
      nudge = () => over.abort();
      stopped.signal.addEventListener('abort', nudge, { once: true });
      await tail.beyond(reached, LOOK_MS, over.signal);
      stopped.signal.removeEventListener('abort', nudge);
    }
    nudged = false;
  };

  async function run(): Promise<void> {
    let failing = false;
    let sweptAtMs = 0;
    while (!stopped.signal.aborted) {
      try {
        const more = await turn();
        if (Date.now() - sweptAtMs > SWEEP_EVERY_MS) {
          sweptAtMs = Date.now();
          await deliveries.sweep();
        }
        failing = false;
        if (!more) await rest();
      } catch (error) {
        if (!failing) log.warn({ err: error }, 'cannot see what webhooks are to get; trying on');
        failing = true;
        await rest();
      }
    }
  }

  const running = run();
  return {
    wake,
    stop: async () => {
      stopped.abort();
      await running;
      const late = setTimeout(() => givenUp.abort(), STOP_MS);
      await Promise.all(underWay);
      clearTimeout(late);
    },
  };
}
