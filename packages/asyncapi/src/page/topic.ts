import type { Topic } from '../events.ts';
import { durationText } from '../text.ts';
import { eventSection } from './event.ts';
import { fieldTable } from './fields.ts';
import { html, said } from './html.ts';
import type { Html } from './html.ts';
import { topicId } from './ids.ts';

/** One topic: what it is for, the fields all its events have, then its events. */
export function topicSection(topic: Topic): Html {
  const { name, words, value, events, partitions, retentionMs } = topic;
  const id = topicId(name);
  const kinds = new Set(events.map(({ kind }) => kind));
  const common = kinds.has(undefined) ? [] : value.fields.filter((field) => !kinds.has(field));
  return html`<section class="topic" id="${id}" aria-labelledby="h-${id}">
    <header>
      <h2 id="h-${id}">
        ${words.name.zh} <a href="#${id}"><code>${name}</code></a>
      </h2>
      <p>${words.about.zh}<small lang="en">${words.about.en}</small></p>
      <ul class="chips">
        <li>${events.length} 种事件 <small lang="en">${events.length === 1 ? 'event' : 'events'}</small></li>
        <li>保留 ${said(durationText(retentionMs))}</li>
        <li>${partitions} 个分区 <small lang="en">${partitions === 1 ? 'partition' : 'partitions'}</small></li>
        <li><code>${value.typeName}</code></li>
      </ul>
      ${
        common.length === 0
          ? ''
          : html`<details class="common">
              <summary>每条都有的字段 <small lang="en">Fields of every event here</small></summary>
              ${fieldTable(common, `${name} 每条都有的字段 fields of every event`)}
            </details>`
      }
    </header>
    ${events.map((event) => eventSection(event, topic))}
  </section> `;
}
