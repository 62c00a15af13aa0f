import { toBinary } from '@bufbuild/protobuf';
import { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { isUuid } from '@lingquan/events';
import { CampaignStatus, CouponKind, KeywordMatch } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import type { Middleware } from 'koa';
import type { Pool } from 'pg';
import { ruleBook } from '../domain/book.ts';
import type { Campaign } from '../domain/campaign.ts';
import type { CommandRefusal } from '../domain/command.ts';
import { replyOf } from '../publish/facts.ts';
import { loadCampaign, loadCampaigns } from '../store/campaigns.ts';
import { loadDecided } from '../store/claims.ts';
import { loadCommands } from '../store/commands.ts';

const refusals: Record<CommandRefusal, string> = {
  keyword_taken: '这个关键词已有进行中的活动 · another live campaign of this account has this keyword; pause it first',
  campaign_exists: '活动编号已存在 · this campaign id is taken',
  campaign_unknown: '没有这个活动 · there is no such campaign',
  stock_below_claimed: '库存不能少于已领取的数量 · the stock cannot be less than what is claimed already',
};

/**
 * Questions to the issuer:
 * - `GET /campaigns[?appid=]`, `GET /campaigns/{id}`
 * - `GET /commands/{id}`: what became of a command; 404 until it is decided
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
    const [command] = await loadCommands(pool, [uuidParameter(ctx.params['id'])]);
    if (command === undefined) throw new AppError('not_found', 'this command is not decided (yet)');
    const { id, campaignId, refusal } = command;
    ctx.body =
      refusal === undefined
        ? { commandId: id, campaignId, outcome: 'done' }
        : { commandId: id, campaignId, outcome: 'refused', reason: refusal, message: refusals[refusal] };
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

const name = (names: Record<string, number>, value: number) =>
  Object.keys(names)
    .find((one) => names[one] === value)
    ?.toLowerCase();
const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

const campaignView = (campaign: Campaign & { claimed: number }) => ({
  campaignId: campaign.id,
  appid: campaign.appid,
  name: campaign.name,
  keyword: campaign.keyword,
  match: name(KeywordMatch, campaign.match),
  kind: name(CouponKind, campaign.worth.kind),
  valueFen: campaign.worth.valueFen,
  percent: campaign.worth.percent,
  thresholdFen: campaign.worth.thresholdFen,
  stock: campaign.stock,
  claimed: campaign.claimed,
  limit: campaign.limitPerUser,
  status: name(CampaignStatus, campaign.status),
  opensAt: iso(campaign.opensAtMs),
  closesAt: iso(campaign.closesAtMs),
});
