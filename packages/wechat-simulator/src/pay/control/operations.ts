import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { z } from 'zod';
import { readControl } from '../../control/request.ts';
import { orderOf } from '../cashier.ts';
import { startOfDay } from '../rules/times.ts';
import { settingsShape } from '../state/settings.ts';
import type { PayPlatform } from '../index.ts';
import { limitOf } from './orders.ts';

const billShape = z.strictObject({
  date: z.string().refine((day) => startOfDay(day) !== undefined, 'must be a day, 2026-01-31'),
  state: z.enum(['ready', 'creating', 'default']),
});
const probeShape = z.strictObject({ url: z.url().optional(), outTradeNo: z.string().optional() });
const switchShape = z.strictObject({ serialNo: z.string().optional() });

/** What operators of the platform do: settings, notices, bills, keys. */
export function operationRoutes(router: Router, platform: PayPlatform): void {
  const { pay, notices } = platform;
  const { keys } = pay;

  router.get('/_sim/pay', (ctx) => {
    const { mchid, appid, openid } = keys.merchant;
    const certificates = keys.certificates().map(({ serialNo, effectiveAtMs, expiresAtMs, signing }) => ({
      serialNo,
      effectiveAt: new Date(effectiveAtMs).toISOString(),
      expiresAt: new Date(expiresAtMs).toISOString(),
      signing,
    }));
    const { tlsUrl } = platform;
    const shownKeys = { publicKeyId: keys.publicKeyId, certificates };
    ctx.body = { on: true, mchid, appid, openid, tlsUrl, settings: pay.settings, keys: shownKeys };
  });

  router.post('/_sim/pay/settings', async (ctx) => {
    const changes = await readControl(ctx, settingsShape.partial());
    pay.settings = settingsShape.parse({ ...pay.settings, ...changes });
    ctx.body = { settings: pay.settings };
  });

  router.get('/_sim/pay/notices', (ctx) => {
    const { outTradeNo, state, limit } = ctx.query;
    const items = notices
      .list()
      .filter((notice) => outTradeNo === undefined || notice.outTradeNo === outTradeNo)
      .filter((notice) => state === undefined || notice.state === state);
    ctx.body = { items: items.slice(0, limitOf(limit)), total: items.length };
  });

  router.post('/_sim/pay/notices/hurry', (ctx) => {
    ctx.body = { hurried: notices.hurry() };
  });

  router.post('/_sim/pay/notices/:id/send', async (ctx) => {
    const notice = await notices.send(ctx.params['id'] ?? '');
    if (notice === undefined) throw new AppError('not_found', 'There is no such notice any more');
    ctx.body = { notice };
  });

  router.post('/_sim/pay/probe', async (ctx) => {
    const { url, outTradeNo } = await readControl(ctx, probeShape);
    const status = await notices.probe(url ?? orderOf(pay, { outTradeNo }).notifyUrl);
    ctx.body = { status, refused: status >= 300 };
  });

  router.post('/_sim/pay/bills', async (ctx) => {
    const { date, state } = await readControl(ctx, billShape);
    pay.bills.decide(date, state);
    ctx.body = { date, state };
  });

  router.post('/_sim/pay/keys/publish', async (ctx) => {
    ctx.body = { serialNo: await keys.publish(pay.world.clock.machineNow()) };
  });

  router.post('/_sim/pay/keys/switch', async (ctx) => {
    const { serialNo } = await readControl(ctx, switchShape);
    keys.switchTo(serialNo);
    ctx.body = { serialNo: keys.certificates().find(({ signing }) => signing)?.serialNo };
  });

  router.delete('/_sim/pay/keys/:serialNo', (ctx) => {
    keys.withdraw(ctx.params['serialNo'] ?? '');
    ctx.status = 204;
  });
}
