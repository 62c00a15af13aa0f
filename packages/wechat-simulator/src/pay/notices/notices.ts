import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@lingquan/errors';
import { type Dispatcher, request } from 'undici';
import { seconds } from '../../state/clock.ts';
import type { Fault } from '../../state/faults.ts';
import { createRing } from '../../state/ring.ts';
import { refusalIn } from '../rules/acknowledgement.ts';
import type { Order } from '../rules/order.ts';
import type { Refund } from '../rules/refund.ts';
import { pauseAfter } from '../rules/schedule.ts';
import { isoOrNull } from '../rules/times.ts';
import type { Pay } from '../state/pay.ts';
import { noticedRefund, paymentOf } from '../v2/fields.ts';
import { noticedRefundOf, transactionOf } from '../v3/resources.ts';
import { type Content, type Flaw, type SealedNotice, newNoticeId, sealNotice } from './seal.ts';

/** One try of a notice; `status` is 0 when no answer came. */
export interface NoticeAttempt {
  /** ISO 8601, by the platform's clock. */
  readonly at: string;
  readonly status: number;
  readonly ms: number;
  /** Why it does not count as acknowledged. */
  readonly error?: string;
  readonly fault?: string;
  readonly serial: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: string;
}

interface Notice {
  readonly id: string;
  readonly of: 'transaction' | 'refund';
  readonly content: Content;
  readonly outTradeNo: string;
  readonly outRefundNo: string | null;
  readonly url: string;
  readonly wantedSerial: string;
  readonly createdAtMs: number;
  readonly attempts: NoticeAttempt[];
  state: 'waiting' | 'delivered' | 'given-up';
  nextAtMs: number | null;
  /** Ends the pause before the next try. */
  hurry: (() => void) | undefined;
}

export interface NoticeDelivery {
  readonly dispatcher: Dispatcher;
  /** Within which an acknowledgement must come; the platform waits 5000 (reference B.6). */
  readonly timeoutMs: number;
  readonly stopping: AbortSignal;
}

/** What the platform tells the merchant unasked, repeated until it is acknowledged or the schedule ends (reference A.6, B.6). */
export interface Notices {
  ofPayment(order: Order): void;
  /** Nothing where the refund named no address. */
  ofRefund(refund: Refund, order: Order): void;
  /** The latest 500, newest first, as the control interface shows them. */
  list(): readonly ShownNotice[];
  /** Once more, at once; undefined when there is no such notice. */
  send(id: string): Promise<ShownNotice | undefined>;
  /** All that wait try now; how many. */
  hurry(): number;
  /** A SIGNTEST probe; the status it met, 0 for none. */
  probe(url: string): Promise<number>;
}

export type ShownNotice = ReturnType<typeof shown>;

function shown({ hurry: _hurry, content, createdAtMs, nextAtMs, wantedSerial: _serial, ...notice }: Notice) {
  const { api, eventType, plain } = content;
  return { ...notice, api, eventType, plain, createdAt: isoOrNull(createdAtMs), nextAt: isoOrNull(nextAtMs) };
}

const refundEvents = { PROCESSING: '', SUCCESS: 'SUCCESS', CLOSED: 'CLOSED', ABNORMAL: 'ABNORMAL' } as const;
const refundSummaries = { PROCESSING: '', SUCCESS: '退款成功', CLOSED: '退款关闭', ABNORMAL: '退款异常' } as const;
const answerShown = 2_000;

export function createNotices(pay: Pay, { dispatcher, timeoutMs, stopping }: NoticeDelivery): Notices {
  const { world, keys } = pay;
  const { merchant } = keys;
  const { clock, feed, faults } = world;
  const ring = createRing<Notice>(500);
  const tell = (notice: Notice) => feed.publish('pay', { kind: 'notice', notice: shown(notice) });

  function signType(order: Order): 'MD5' | 'HMAC-SHA256' {
    return order.signType === 'HMAC-SHA256' ? 'HMAC-SHA256' : 'MD5';
  }

  function seal(notice: Notice, flaw: Flaw): SealedNotice {
    const { id, createdAtMs, wantedSerial, content } = notice;
    const signer = keys.noticeSigner(wantedSerial, pay.settings.publicKeyPercent);
    const timestamp = seconds(clock.machineNow());
    return sealNotice(content, { id, createdAtMs, merchant, signer, timestamp, flaw });
  }

  /** Posts one sealed notice; never throws. */
  async function post(url: string, api: 'v3' | 'v2', sealed: SealedNotice, holdMs = 0): Promise<NoticeAttempt> {
    const at = new Date(clock.now()).toISOString();
    const startedAt = performance.now();
    const { headers, body, serial } = sealed;
    const timeout = AbortSignal.timeout(timeoutMs);
    const done = (status: number, answer: string, error: string | undefined): NoticeAttempt => {
      const ms = Math.round((performance.now() - startedAt) * 10) / 10;
      return { at, status, ms, ...(error !== undefined && { error }), serial, headers, body, answer };
    };
    try {
      const signal = AbortSignal.any([timeout, stopping]);
      const response = await request(url, {
        method: 'POST',
        headers: { accept: '*/*', 'user-agent': 'Mozilla/4.0', ...headers },
        body,
        signal,
        dispatcher,
      });
      const text = await response.body.text();
      if (holdMs > 0) await pause(holdMs, undefined, { signal });
      const status = response.statusCode;
      return done(status, text.slice(0, answerShown), refusalIn(api, { status, body: text }));
    } catch (error) {
      return done(0, '', timeout.aborted ? 'timeout' : messageOf(error));
    }
  }

  const notSent = (kind: string): NoticeAttempt => {
    const at = new Date(clock.now()).toISOString();
    return { at, status: 0, ms: 0, error: kind, fault: kind, serial: '', headers: {}, body: '', answer: '' };
  };

  /** One try, whatever goes wrong with it on purpose; a doubled one is two. */
  async function attempt(notice: Notice, fault: Fault | undefined, holdMs: number): Promise<NoticeAttempt[]> {
    const { url, content } = notice;
    const send = async (flaw: Flaw): Promise<NoticeAttempt> => {
      const tried = await post(url, content.api, seal(notice, flaw), holdMs);
      return fault === undefined ? tried : { ...tried, fault: fault.kind };
    };
    switch (fault?.kind) {
      case 'dropped':
      case 'reset':
        return [notSent(fault.kind)];
      case 'lost':
        if (fault.when !== 'after') return [notSent('lost')];
        return [{ ...(await send(undefined)), error: 'the acknowledgement was lost' }];
      case 'doubled':
        return Promise.all([send(undefined), send(undefined)]);
      case 'tampered':
      case 'stale':
      case 'unknown-serial':
        return [await send(fault.kind)];
      default:
        return [await send(undefined)];
    }
  }

  async function probeBefore(notice: Notice): Promise<void> {
    if (notice.content.api !== 'v3' || Math.random() * 100 >= pay.settings.probePercent) return;
    const tried = await post(notice.url, 'v3', seal(notice, 'signtest'));
    const error = tried.error === undefined ? 'a probe was acknowledged' : 'a probe, refused as it must be';
    notice.attempts.push({ ...tried, error, fault: 'signtest' });
  }

  /** What became of a try: once acknowledged is enough; a dropped notice is not tried again. */
  async function tryOnce(notice: Notice): Promise<'delivered' | 'failed' | 'dropped'> {
    const { delayMs, other } = faults.take('notice', { path: '', appid: undefined, withToken: true, of: notice.of });
    if (other?.kind === 'delayed') await pause(other.ms ?? 0, undefined, { signal: stopping });
    await probeBefore(notice);
    const tried = await attempt(notice, other, delayMs);
    notice.attempts.push(...tried);
    if (tried.some(({ error }) => error === undefined)) return 'delivered';
    return other?.kind === 'dropped' ? 'dropped' : 'failed';
  }

  /** The whole life of a notice, in the background. */
  async function deliver(notice: Notice): Promise<void> {
    await wait(notice, pay.settings.noticeDelayMs);
    for (let tries = 1; notice.state === 'waiting' && !stopping.aborted; tries += 1) {
      const outcome = await tryOnce(notice);
      const pauseMs = outcome === 'failed' ? pauseAfter(tries, pay.settings) : undefined;
      if (notice.state === 'waiting' && pauseMs === undefined)
        notice.state = outcome === 'delivered' ? 'delivered' : 'given-up';
      notice.nextAtMs = notice.state !== 'waiting' || pauseMs === undefined ? null : clock.now() + pauseMs;
      tell(notice);
      if (notice.nextAtMs !== null && pauseMs !== undefined) await wait(notice, pauseMs);
    }
  }

  async function wait(notice: Notice, ms: number): Promise<void> {
    if (ms <= 0) return;
    const hurried = new AbortController();
    notice.hurry = () => hurried.abort();
    await pause(ms, undefined, { signal: AbortSignal.any([hurried.signal, stopping]) }).catch(() => undefined);
    notice.hurry = undefined;
  }

  function announce(
    notice: Pick<Notice, 'of' | 'content' | 'outTradeNo' | 'outRefundNo' | 'url' | 'wantedSerial'>,
  ): void {
    const made: Notice = {
      ...notice,
      id: newNoticeId(),
      createdAtMs: clock.now(),
      attempts: [],
      state: 'waiting',
      nextAtMs: null,
      hurry: undefined,
    };
    ring.add(made);
    tell(made);
    deliver(made).catch(() => undefined); // only a pause cut short by stopping ends here
  }

  return {
    ofPayment(order) {
      const { outTradeNo, notifyUrl: url, wantedSerial, appid, api } = order;
      const eventType = 'TRANSACTION.SUCCESS';
      const content: Content =
        api === 'v3'
          ? {
              api,
              eventType,
              summary: '支付成功',
              originalType: 'transaction',
              plain: transactionOf(order, merchant.mchid, clock.now()),
            }
          : { api, eventType, signType: signType(order), appid, plain: paymentOf(order), sealed: false };
      announce({ of: 'transaction', content, outTradeNo, outRefundNo: null, url, wantedSerial });
    },
    ofRefund(refund, order) {
      const { outTradeNo, outRefundNo, notifyUrl: url, wantedSerial, state, api } = refund;
      if (url === null || state === 'PROCESSING') return;
      const eventType = `REFUND.${refundEvents[state]}`;
      const content: Content =
        api === 'v3'
          ? {
              api,
              eventType,
              summary: refundSummaries[state],
              originalType: 'refund',
              plain: noticedRefundOf(refund, order, merchant.mchid),
            }
          : {
              api,
              eventType,
              signType: signType(order),
              appid: order.appid,
              plain: noticedRefund(refund, order),
              sealed: true,
            };
      announce({ of: 'refund', content, outTradeNo, outRefundNo, url, wantedSerial });
    },
    list: () => ring.list().toReversed().map(shown),
    async send(id) {
      const notice = ring.list().find((one) => one.id === id);
      if (notice === undefined) return undefined;
      if ((await tryOnce(notice)) === 'delivered') {
        notice.state = 'delivered';
        notice.nextAtMs = null;
        notice.hurry?.(); // its loop ends
      }
      tell(notice);
      return shown(notice);
    },
    hurry() {
      const waiting = ring.list().filter((notice) => notice.hurry !== undefined);
      for (const notice of waiting) notice.hurry?.();
      return waiting.length;
    },
    async probe(url) {
      const content: Content = {
        api: 'v3',
        eventType: 'TRANSACTION.SUCCESS',
        summary: '支付成功',
        originalType: 'transaction',
        plain: { out_trade_no: 'SIGNTEST' },
      };
      const signer = keys.noticeSigner('', pay.settings.publicKeyPercent);
      const timestamp = seconds(clock.machineNow());
      const probe = {
        id: newNoticeId(),
        createdAtMs: clock.now(),
        merchant,
        signer,
        timestamp,
        flaw: 'signtest',
      } as const;
      return (await post(url, 'v3', sealNotice(content, probe))).status;
    },
  };
}
