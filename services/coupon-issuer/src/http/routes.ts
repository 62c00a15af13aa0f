import { toBinary } from '@bufbuild/protobuf';
import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { isUuid } from '@lingquan/events';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import { ruleBook } from '../domain/book.ts';
import { replyOf } from '../publish/claim-words.ts';
import { loadAnswers } from '../store/answers.ts';
import { loadCampaign, loadCampaigns } from '../store/campaigns.ts';
import { loadDecided } from '../store/claims.ts';
import { loadCommands } from '../store/commands.ts';
import { campaignCommandView, couponCommandView } from './command-view.ts';
import { campaignView } from './views.ts';

/**
 * Questions about campaigns, commands and pushes:
 * - `GET /campaigns[?appid=]`, `GET /campaigns/{id}`
 * - `GET /commands/{id}`: what became of a command on a campaign or a coupon; 404 until it is decided
 * - `GET /outcomes/{causeId}`: what became of a push, as a lingquan.ingress.v1.Reply in protobuf; 404 when it is not decided
 *   (yet), or no campaign answered it
 */
export function routes(pool: Pool): Middleware {
  const router = new Router();
  router.get('/campaigns', async (ctx) => {
    const { appid } = ctx.query;
    if (Array.isArray(appid)) throw new AppError('invalid', 'appid was given twice');
    ctx.body = { items: (await loadCampaigns(pool, appid)).map(campaignView) };
  });
  router.get('/campaigns/:id', async (ctx) => {
    const campaign = await loadCampaign(pool, ctx.params['id']!);
    if (campaign === undefined) throw new AppError('not_found', 'there is no such campaign');
    ctx.body = campaignView(campaign);
  });
  router.get('/commands/:id', async (ctx) => {
    const id = uuidParameter(ctx.params['id']);
    const [[onCampaign], [onCoupon]] = await Promise.all([loadCommands(pool, [id]), loadAnswers(pool, [id])]);
    if (onCampaign !== undefined) ctx.body = campaignCommandView(onCampaign);
    else if (onCoupon !== undefined) ctx.body = couponCommandView(onCoupon);
    else throw new AppError('not_found', 'this command is not decided (yet)');
  });
  router.get('/outcomes/:causeId', async (ctx) => {
    const causeId = uuidParameter(ctx.params['causeId']);
    const outcome = (await loadDecided(pool, [causeId], ruleBook(await loadCampaigns(pool)))).get(causeId);
    if (outcome === undefined)
      throw new AppError('not_found', 'this push is not decided (yet), or no campaign answered it');
    ctx.type = 'application/protobuf';
    ctx.body = Buffer.from(toBinary(ReplySchema, replyOf(causeId, outcome)));
  });
  return router.routes() as unknown as Middleware;
}

function uuidParameter(text: string | undefined): string {
  if (text === undefined || !isUuid(text)) throw new AppError('invalid', 'the id must be a UUID');
  return text;
}
