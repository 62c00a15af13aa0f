import type { Event, Topic } from '../events.ts';
import { fieldWord } from '../field-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { topicId } from './ids.ts';

/** The chapters, and every event under its topic. The longest list begins closed. */
export const nav = (topics: readonly Topic[]): Html =>
  html`<nav id="nav" aria-label="目录 Contents">
    <ul class="chapters">
      <li>
        <a href="#overview">总览 <small lang="en">Overview</small></a>
      </li>
      <li>
        <a href="#subscribe">怎样订阅 <small lang="en">Subscribe</small></a>
      </li>
      <li>
        <a href="#headers">消息头 <small lang="en">Headers</small></a>
      </li>
    </ul>
    ${topics.map(topicLinks)}
    <ul class="chapters">
      <li>
        <a href="#dlq">死信 <small lang="en">Dead letters</small></a>
      </li>
      <li>
        <a href="#types">共用的类型 <small lang="en">Shared types</small></a>
      </li>
    </ul>
    <p id="none" role="status" hidden>没有匹配的事件 <small lang="en">No event matches</small></p>
  </nav> `;

const LONG = 20;

const topicLinks = ({ name, words, events }: Topic): Html =>
  html`<details${events.length > LONG ? '' : html` open`}><summary>${words.name.zh} <code>${name}</code></summary>
<ul><li class="whole"><a href="#${topicId(name)}">关于这个主题 <small lang="en">About</small></a></li>
${events.map(
  (event) =>
    html`<li data-find="${searchText(event)}">
      <a href="#${event.type}">${event.name.zh} <code>${event.type}</code></a>
    </li>`,
)}</ul></details>
`;

/** What a search looks in: names, meaning, and the fields in every spelling. */
const searchText = ({ type, name, meaning, kind, value }: Event): string =>
  [
    type,
    name.zh,
    meaning.zh,
    meaning.en,
    ...(kind?.message ?? value).fields.flatMap((field) => [field.jsonName, field.name, fieldWord(field)]),
  ]
    .join(' ')
    .toLowerCase();
