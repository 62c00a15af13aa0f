import { AppError, codeOf } from '@lingquan/errors';
import type { Log } from '@lingquan/log';
import { acknowledgement, refusalOfNotice } from '@lingquan/wechat-pay';
import type { Context, Middleware } from 'koa';
import type { Metrics, NoticeDoor, NoticeResult } from '../../metrics.ts';
import type { NoticeKeys } from '@lingquan/merchant';
import type { Notice, NoticeRefusal } from '../../pay/notice.ts';
import { openV2, openV2Refund } from '../../pay/open-v2.ts';
import { openV3 } from '../../pay/open-v3.ts';
import type { PlatformKeys } from '../../pay/platform-keys.ts';
import { announcesTooMuch, drain, readBody, SMALL_BODY_MAX } from '../body.ts';
import { refusalNotes } from '../refusal-notes.ts';

export type NoticeRouteOptions = {
  /** Undefined: this system takes no payments. */
  keys: NoticeKeys | undefined;
  platform: PlatformKeys;
  /** Resolves when the notice is durable; rejects with `unavailable` when that is not so within `ms`. */
  publish: (notice: Notice, nowMs: number, ms: number) => Promise<void>;
  metrics: Metrics;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** WeChat Pay waits 5 s (reference A.6, B.6) and comes again; an answer takes a moment to arrive. */
const ANSWER_MS = 4500;

const doors: ReadonlyMap<string, NoticeDoor> = new Map([
  ['/pay/v3/notify', 'v3'],
  ['/pay/v2/notify', 'v2'],
  ['/pay/v2/refund-notify', 'v2 refund'],
]);

/**
 * `POST /pay/v3/notify`, `/pay/v2/notify`, `/pay/v2/refund-notify`. A notice is acknowledged once every in-sync replica has it, and
 * never before; whatever else happens it is refused, so that it comes again.
 */
export function noticeRoute(options: NoticeRouteOptions): Middleware {
  const { keys, platform, metrics, now } = options;
  const note = refusalNotes(options.log, 'notices of WeChat Pay');

  async function open(
    ctx: Context,
    door: NoticeDoor,
    nowMs: number,
  ): Promise<Notice | NoticeRefusal | 'too big' | 'gone'> {
    if (keys === undefined) throw new AppError('unavailable', 'no payments are taken here');
    if (announcesTooMuch(ctx.req, SMALL_BODY_MAX)) return 'too big';
    const body = await readBody(ctx.req, SMALL_BODY_MAX);
    if (body === 'too slow') throw new AppError('invalid', 'the body did not arrive in time');
    if (typeof body === 'string') return body;
    if (door === 'v3') return openV3(keys, platform, { headers: ctx.req.headers, body }, nowMs);
    const { apiV2Key } = keys;
    if (apiV2Key === undefined) throw new AppError('unavailable', 'no notices of v2 are taken here');
    return door === 'v2' ? openV2({ ...keys, apiV2Key }, body) : openV2Refund({ ...keys, apiV2Key }, body);
  }

  async function take(ctx: Context, door: NoticeDoor): Promise<NoticeResult> {
    const startedAt = performance.now();
    const nowMs = now();
    const opened = await open(ctx, door, nowMs);
    if (typeof opened === 'string') {
      refuse(ctx, door, 413, 'the body is too big for a notice');
      return opened;
    }
    if (opened.kind === 'refused') {
      if (opened.code === 'signtest') {
        refuse(ctx, door, 401, opened.why); // a probe: refused like any bad signature, without a note (reference B.3)
        return 'signtest';
      }
      throw new AppError(opened.code, opened.why);
    }
    await options.publish(opened, nowMs, ANSWER_MS - (performance.now() - startedAt));
    acknowledge(ctx, door);
    return opened.kind;
  }

  async function serve(ctx: Context, door: NoticeDoor): Promise<void> {
    try {
      metrics.notice(door, await take(ctx, door));
    } catch (error) {
      const code = codeOf(error);
      metrics.notice(door, code === 'not_found' || code === 'conflict' ? 'internal' : code);
      note(error, now());
      if (code === 'internal') options.log.error({ err: error }, 'a notice of WeChat Pay could not be taken');
      refuse(ctx, door, statusOf[code] ?? 500, code === 'internal' ? 'internal error' : (error as AppError).message);
    }
  }

  return (ctx, next) => {
    if (!ctx.path.startsWith('/pay/')) return next();
    const door = doors.get(ctx.path);
    if (door === undefined) throw new AppError('not_found', 'there is no such door');
    if (ctx.method === 'POST') return serve(ctx, door);
    ctx.set('Allow', 'POST');
    return Promise.resolve(refuse(ctx, door, 405, 'only POST'));
  };
}

const statusOf: Readonly<Record<string, number>> = { invalid: 400, unauthorized: 401, unavailable: 503 };

function acknowledge(ctx: Context, door: NoticeDoor): void {
  if (door === 'v3') {
    ctx.status = 204;
    return;
  }
  ctx.status = 200;
  ctx.set('Content-Type', 'text/xml; charset=utf-8');
  ctx.body = acknowledgement;
}

/** Says no in the words of the notice's API. Nothing of the notice is in it. */
function refuse(ctx: Context, door: NoticeDoor, status: number, why: string): void {
  drain(ctx.req);
  ctx.status = status;
  if (door === 'v3') {
    ctx.body = { code: 'FAIL', message: why };
    return;
  }
  ctx.set('Content-Type', 'text/xml; charset=utf-8');
  ctx.body = refusalOfNotice(why);
}
