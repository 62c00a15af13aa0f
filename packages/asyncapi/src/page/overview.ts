import type { Topic } from '../events.ts';
import { deadLetterHeaders, headers } from '../headers.ts';
import type { Header } from '../headers.ts';
import { parties, withDeadLetters } from '../parties.ts';
import type { Party } from '../parties.ts';
import { durationText } from '../text.ts';
import { diagram } from './diagram.ts';
import { html, said } from './html.ts';
import type { Html } from './html.ts';
import { topicId } from './ids.ts';

/** What there is, and who writes and reads it: as a picture, and as a table. */
export function overview(topics: readonly Topic[]): Html {
  const events = topics.reduce((sum, topic) => sum + topic.events.length, 0);
  return html`<section class="topic" id="overview" aria-labelledby="h-overview">
    <header class="hero">
      <h1 id="h-overview">领券事件手册 <small lang="en">Lingquan events</small></h1>
      <p>
        系统里发生的一切都写在 Kafka 的 ${topics.length} 个主题里，共 ${events}
        种事件。本页说明每一种：是什么意思、何时写入、键是什么、保留多久，并附一条系统实际写下的记录。<small lang="en"
          >Everything that happens is on ${topics.length} Kafka topics, as ${events} kinds of events. For each: what it
          means, when it is written, its key, how long it is kept, and a record as the system wrote it.</small
        >
      </p>
      <p>
        值是 Protobuf（<code>proto/</code>），这里以它的 JSON 形式展示：64
        位整数写成文本，枚举写成名字，默认值省略。金额一律为整数分。
        <a href="asyncapi.json">AsyncAPI 3 文档 asyncapi.json</a
        ><small lang="en"
          >Values are Protobuf (<code>proto/</code>), shown here as its JSON: 64-bit numbers as text, enums by name,
          defaults left out. Money is integer fen.</small
        >
      </p>
    </header>
    ${diagram(topics)} ${topicTable(topics)}
  </section> `;
}

const topicTable = (topics: readonly Topic[]): Html =>
  html`<div class="scroll topics" role="region" tabindex="0" aria-label="主题一览 topics">
    <table>
      <caption class="hidden">
        主题一览 Topics
      </caption>
      <thead>
        <tr>
          <th scope="col">主题 <small lang="en">Topic</small></th>
          <th scope="col">键 <small lang="en">Key</small></th>
          <th scope="col">谁写 <small lang="en">Written by</small></th>
          <th scope="col">谁读 <small lang="en">Read by</small></th>
          <th scope="col">分区 <small lang="en">Partitions</small></th>
          <th scope="col">保留 <small lang="en">Kept</small></th>
        </tr>
      </thead>
      <tbody>
        ${topics.map(
          ({ name, words, writers, readers, partitions, retentionMs }) =>
            html`<tr>
              <th scope="row"><a href="#${topicId(name)}">${words.name.zh}</a> <code>${name}</code></th>
              <td>${said(words.key)}</td>
              <td>${names(writers)}</td>
              <td>${names(readers)}</td>
              <td>${partitions}</td>
              <td>${said(durationText(retentionMs))}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;

const names = (list: readonly Party[]): string => list.map((who) => parties[who].zh).join('、');

/** The headers every record has. */
export const headersSection = (): Html =>
  html`<section class="topic" id="headers" aria-labelledby="h-headers">
    <header>
      <h2 id="h-headers">消息头 <small lang="en">Headers</small></h2>
      <p>
        每条消息都带 CloudEvents 的 Kafka 绑定（二进制模式）规定的头。<small lang="en"
          >Every record carries the headers of CloudEvents' Kafka binding in binary mode.</small
        >
      </p>
    </header>
    ${headerTable(headers, '每个头的说明 each header')}
  </section> `;

/** What becomes of records nobody could read. */
export const deadLetterSection = (): Html =>
  html`<section class="topic" id="dlq" aria-labelledby="h-dlq">
    <header>
      <h2 id="h-dlq">死信 <small lang="en">Dead letters</small></h2>
      <p>
        读者读不了的记录原样转到
        <code>原主题.dlq</code>：键、值、头都不变，另加以下各头；其余照常处理。一个分区，保留时间随 broker
        的默认设置。<small lang="en"
          >What a reader cannot read goes as it is to <code>topic.dlq</code>, with the headers below; the rest goes on.
          One partition, kept as the broker's default says.</small
        >
      </p>
      <ul class="chips">
        ${withDeadLetters.map((name) => html`<li><code>${name}.dlq</code></li>`)}
      </ul>
    </header>
    ${headerTable(deadLetterHeaders, '死信另有的头 headers of dead letters')}
  </section> `;

const headerTable = (list: readonly Header[], caption: string): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">头 <small lang="en">Header</small></th>
          <th scope="col">必有 <small lang="en">Required</small></th>
          <th scope="col">说明 <small lang="en">Meaning</small></th>
        </tr>
      </thead>
      <tbody>
        ${list.map(
          ({ name, about, required }) =>
            html`<tr>
              <th scope="row"><code>${name}</code></th>
              <td>${required ? '是' : '否'} <small lang="en">${required ? 'yes' : 'no'}</small></td>
              <td>${said(about)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
