import { readFileSync } from 'node:fs';
import type { Text } from '../text.ts';
import { html, prose } from './html.ts';
import type { Html } from './html.ts';

/** Type-checked where it stands; teams import the published package. */
const kit = readFileSync(new URL('./subscribe.example.ts', import.meta.url), 'utf8')
  .replace('@lingquan/events/public.ts', '@lingquan/events')
  .trim();

const stream = `curl -N -H 'Authorization: Bearer TOKEN' \\
  'http://127.0.0.1:8084/events/stream?type=coupon.claimed,coupon.redeemed&from=beginning'`;

const webhook = `curl -X POST http://127.0.0.1:8084/webhooks \\
  -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\
  -d '{ "url": "https://example.com/hook", "types": ["coupon.claimed"] }'`;

type Way = { title: string; about: Text; code: string };

const ways: readonly Way[] = [
  {
    title: 'Kafka',
    about: {
      zh: '`@lingquan/events`：带类型的事件，从任意时刻开始，按自己的节奏，被杀掉后从原处继续。其他语言用任何 Kafka 客户端和 `proto/`。',
      en: '`@lingquan/events`: typed events from any moment on, at your own pace, going on where it was after a kill. In other languages any Kafka client and `proto/`.',
    },
    code: kit,
  },
  {
    title: '实时流 SSE',
    about: {
      zh: '没有 Kafka 也行：领取日志的一个 HTTP 连接，断线后凭 `Last-Event-ID` 续上。内容与 `GET /events` 相同，个人字段按读者的角色遮盖。',
      en: 'Without Kafka: one HTTP connection to the claim log, resumed by `Last-Event-ID`. What `GET /events` says, with personal fields masked unless your role allows them.',
    },
    code: stream,
  },
  {
    title: 'Webhook',
    about: {
      zh: '推到你的地址：按 Standard Webhooks 签名，失败后间隔渐长，重试 24 小时；可查投递记录，可从任意时刻重发。',
      en: 'Sent to your address, signed as Standard Webhooks says, tried again for 24 hours at growing intervals; with a log of deliveries, and again from any time.',
    },
    code: webhook,
  },
];

const way = ({ title, about, code }: Way): Html =>
  html`<article class="way">
    <h3>${title}</h3>
    <p>${prose(about.zh)}<small lang="en">${prose(about.en)}</small></p>
    <figure>
      <button type="button" class="copy" hidden>复制 Copy<span class="hidden"> ${title}</span></button>
      <pre tabindex="0" role="region" aria-label="${title} 的代码 code">${code}</pre>
    </figure>
  </article> `;

/** Three ways to be told, the best first. */
export const subscribeSection = (): Html =>
  html`<section class="topic" id="subscribe" aria-labelledby="h-subscribe">
    <header>
      <h2 id="h-subscribe">怎样订阅 <small lang="en">How to subscribe</small></h2>
      <p>
        事件至少送达一次：请按 <code>ce_id</code> 去重，同一事件的 id
        永远相同。请容忍陌生的字段和事件类型，它们只增不改。<small lang="en"
          >Events arrive at least once: tell repeats by <code>ce_id</code>, which never changes. Put up with fields and
          types you do not know: they are added, never changed.</small
        >
      </p>
    </header>
    <div class="ways">${ways.map(way)}</div>
  </section> `;
