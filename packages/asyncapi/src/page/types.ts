import type { DescMessage } from '@bufbuild/protobuf';
import { commentOf } from '../comments.ts';
import type { Topic } from '../events.ts';
import { reachable } from '../json-schema.ts';
import { fieldTable } from './fields.ts';
import { html, prose } from './html.ts';
import type { Html } from './html.ts';
import { typeId } from './ids.ts';

/** The messages that fields point at, each once; those that are an event's own contents stand with the event. */
export function typesSection(topics: readonly Topic[]): Html {
  return html`<section class="topic" id="types" aria-labelledby="h-types">
    <header>
      <h2 id="h-types">共用的类型 <small lang="en">Shared types</small></h2>
    </header>
    ${pointedAt(topics).map(typeArticle)}
  </section> `;
}

function pointedAt(topics: readonly Topic[]): DescMessage[] {
  const contents = topics.flatMap(({ value, events }) =>
    events.flatMap(({ kind }) => (kind === undefined ? [value] : kind.message === undefined ? [] : [kind.message])),
  );
  const envelopes = topics.map(({ value, events }) => ({
    fields: value.fields.filter((field) => events.every(({ kind }) => kind !== field)),
  }));
  const found = new Map<string, DescMessage>();
  reachable([...contents, ...envelopes] as DescMessage[], found);
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

const typeArticle = (desc: DescMessage): Html =>
  html`<article class="type" id="${typeId(desc)}" aria-labelledby="h-${typeId(desc)}">
    <h3 id="h-${typeId(desc)}">
      <code>${desc.name}</code> <small>${desc.file.name.split('/').slice(1, -1).join('.')}</small>
    </h3>
    ${commentOf(desc)
      .filter((text) => !text.startsWith('Written '))
      .map((text) => html`<p><small lang="en">${prose(text)}</small></p>`)}
    ${fieldTable(desc.fields, `${desc.name} 的字段 fields`)}
  </article> `;
