import type { DescField } from '@bufbuild/protobuf';
import type { Event, Topic } from '../events.ts';
import { examplesOf } from '../examples.ts';
import type { Example } from '../examples.ts';
import { parties } from '../parties.ts';
import type { Party } from '../parties.ts';
import { durationText } from '../text.ts';
import type { Text } from '../text.ts';
import { fieldTable } from './fields.ts';
import { html, jsonHtml, said } from './html.ts';
import type { Html } from './html.ts';

/** One event: what it means, when and by whom it is written, its fields and an example. */
export function eventSection(event: Event, topic: Topic): Html {
  const { type, name, meaning, kind, value } = event;
  return html`<article class="event" id="${type}" aria-labelledby="h-${type}">
    <div class="about">
      <h3 id="h-${type}">
        ${name.zh} <a href="#${type}"><code>${type}</code></a>
      </h3>
      <p class="meaning">${meaning.zh}<small lang="en">${meaning.en}</small></p>
      <dl>
        ${facts(event, topic).map(
          ([term, detail]) =>
            html`<div>
              <dt>${said(term)}</dt>
              <dd>${detail}</dd>
            </div>`,
        )}
      </dl>
      ${kind === undefined ? fieldTable(value.fields, `${type} 的字段 fields`) : caseTable(event, kind)}
    </div>
    <div class="sample">${examplesOf(event).map((example) => sample(event, example))}</div>
  </article> `;
}

/** What is below the case's own name. */
function caseTable({ type }: Event, kind: DescField): Html {
  return html`<p class="path"><code>${kind.jsonName}</code> 里的字段 <small lang="en">Fields in it</small></p>
    ${fieldTable(kind.message?.fields ?? [], `${type} 的字段 fields`)}`;
}

function facts({ when, key, writers }: Event, { readers, retentionMs, partitions }: Topic): [Text, Html][] {
  const kept = durationText(retentionMs);
  return [
    [
      { zh: '何时写入', en: 'When' },
      said({ zh: when.zh, en: when.en.replace(/^Written (\w)/, (_, first: string) => first.toUpperCase()) }),
    ],
    [{ zh: '键', en: 'Key' }, said(key)],
    [
      { zh: '谁写谁读', en: 'Who' },
      html`${people(writers)} <span aria-hidden="true">→</span
        ><span class="hidden">写，读的有 write, read by</span> ${people(readers)}`,
    ],
    [
      { zh: '保留', en: 'Kept' },
      html`${said(kept)}，${partitions} 个分区
        <small lang="en">${partitions === 1 ? '1 partition' : `${partitions} partitions`}</small>`,
    ],
  ];
}

const people = (list: readonly Party[]): Html =>
  html`${list.map((who, place) => html`${place === 0 ? '' : '、'}${parties[who].zh}${who === 'teams' ? '' : html` <code>${who}</code>`}`)}`;

const sample = ({ type }: Event, { name, key, headers, decoded }: Example): Html =>
  html`<details${name === '' || name === 'claimed' ? html` open` : ''}><summary>示例 <small lang="en">Example</small>${name === '' ? '' : html` <code>${name}</code>`}</summary>
<figure><button type="button" class="copy" hidden>复制 Copy<span class="hidden"> ${type} ${name}</span></button><pre tabindex="0" role="region" aria-label="${type} ${name} 的示例 example">${jsonHtml(decoded)}</pre></figure></details>
<details><summary>键和头 <small lang="en">Key and headers</small></summary>
<pre tabindex="0" role="region" aria-label="${type} ${name} 的键和头 key and headers">${jsonHtml({ key, headers })}</pre></details>
`;
