import { ScalarType } from '@bufbuild/protobuf';
import type { DescEnum, DescField } from '@bufbuild/protobuf';
import { commentOf } from '../comments.ts';
import { enumValueWord } from '../enum-words.ts';
import { fieldWord } from '../field-words.ts';
import { isTimestamp } from '../json-schema.ts';
import { breakable, html, prose } from './html.ts';
import type { Html } from './html.ts';
import { typeId } from './ids.ts';

/** A table of fields; nothing when there are none. */
export function fieldTable(fields: readonly DescField[], caption: string): Html {
  if (fields.length === 0)
    return html`<p class="none">没有自己的字段 <small lang="en">no fields of its own</small></p>`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
    <table>
      <caption class="hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">字段 <small lang="en">Field</small></th>
          <th scope="col">类型 <small lang="en">Type</small></th>
          <th scope="col">说明 <small lang="en">Meaning</small></th>
        </tr>
      </thead>
      <tbody>
        ${fields.map(row)}
      </tbody>
    </table>
  </div> `;
}

const row = (field: DescField): Html =>
  html`<tr>
    <th scope="row"><code>${breakable(field.jsonName)}</code></th>
    <td>${typeOf(field)}</td>
    <td>${meaning(field)}</td>
  </tr> `;

function meaning(field: DescField): Html {
  const comment = commentOf(field);
  return html`${fieldWord(field)}${comment.length === 0 ? '' : html` <small lang="en">${comment.map(prose)}</small>`}${
    field.enum === undefined ? '' : values(field.enum)
  }`;
}

function typeOf(field: DescField): Html {
  const type = singleType(field);
  return field.fieldKind === 'list' ? html`${type}[]` : type;
}

function singleType({ message, enum: names, scalar }: DescField): Html {
  if (names !== undefined) return html`<code>enum</code>`;
  if (message !== undefined)
    return isTimestamp(message)
      ? html`<code>date-time</code>`
      : html`<a href="#${typeId(message)}"><code>${breakable(message.name)}</code></a>`;
  return html`<code>${scalarNames[scalar] ?? ScalarType[scalar].toLowerCase()}</code>`;
}

/** As JSON has them: 64-bit numbers are text there. */
const scalarNames: Partial<Record<ScalarType, string>> = {
  [ScalarType.INT64]: 'int64',
  [ScalarType.SINT64]: 'int64',
};

/** The values of an enum; the first, which only says that none was set, aside. */
const values = (desc: DescEnum): Html =>
  html`<details class="values">
    <summary>${desc.values.length - 1} 个取值 <small lang="en">values</small></summary>
    <ul>
      ${desc.values
        .filter(({ number }) => number !== 0)
        .map((value) => html`<li><code>${value.name}</code> ${enumValueWord(value)}</li>`)}
    </ul>
  </details>`;
