import { table } from '../table.ts';
import type { Delivery, Webhook, WebhookWithSecret } from './client.ts';

const states: Readonly<Record<string, string>> = {
  active: '在发 active',
  paused: '已暂停 paused',
  gone: '对方已停收 gone',
  pending: '待发 pending',
  delivered: '已送达 delivered',
  failed: '失败 failed',
};
const stateText = (state: string): string => states[state] ?? state;

const wanted = ({ types, campaign }: Webhook): string =>
  `${types?.join(',') ?? '全部 all'}${campaign === null ? '' : ` · ${campaign}`}`;

export const webhookTable = (items: readonly Webhook[]): string =>
  table(
    ['编号 id', '状态 state', '事件 types', '待发 pending', '重试 retrying', '落后 behind', '地址 url'],
    items.map((item) => [
      item.id,
      stateText(item.state),
      wanted(item),
      item.pending,
      item.retrying,
      item.behind,
      item.url,
    ]),
  );

/** A webhook, line by line. */
export const webhookText = (item: Webhook): string =>
  [
    `${item.id}  ${stateText(item.state)}`,
    `  地址 url          ${item.url}`,
    `  事件 types        ${wanted(item)}`,
    ...(item.description === null ? [] : [`  说明 description  ${item.description}`]),
    `  待发 pending      ${item.pending}（重试 retrying ${item.retrying}）`,
    `  落后 behind       ${item.behind}`,
    ...(item.previousSecretUntil === null ? [] : [`  旧密钥到 the old secret signs until ${item.previousSecretUntil}`]),
  ].join('\n');

/** The secret is shown this once. */
export const secretText = ({ secret, ...item }: WebhookWithSecret): string =>
  `${webhookText(item)}\n\n  签名密钥，只显示这一次 · the secret, shown this once:\n  ${secret}`;

export const deliveryTable = (items: readonly Delivery[]): string =>
  table(
    ['事件编号 event', '类型 type', '状态 state', '次数 tries', '应答 answer', '毫秒 ms', '下次 next try'],
    items.map((item) => [
      item.eventId,
      item.type,
      stateText(item.state),
      item.attempts,
      item.error ?? item.answerStatus ?? '',
      item.durationMs ?? '',
      item.nextTryAt ?? '',
    ]),
  );
