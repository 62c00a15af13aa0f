import type { Topic } from '../events.ts';
import { parties } from '../parties.ts';
import type { Party } from '../parties.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { topicId } from './ids.ts';

const ROW = 46;
const BOX = { width: 172, height: 34 };
const TOPIC_WIDTH = 230;
const COLUMNS = { writers: 0, topics: 305, readers: 668 };
const WIDTH = COLUMNS.readers + BOX.width;

const middle = (place: number): number => place * ROW + ROW / 2;

/** Who writes which topic and who reads it: writers left, topics in the middle, readers right. A topic's lines stand out under the pointer. */
export function diagram(topics: readonly Topic[]): Html {
  const height = topics.length * ROW;
  const writers = placed(topics, 'writers', height);
  const readers = placed(topics, 'readers', height);
  return html`<div
    class="scroll flow"
    role="region"
    tabindex="0"
    aria-label="谁写谁读的图 diagram of who writes and who reads"
  >
    <svg
      viewBox="-4 -4 ${WIDTH + 8} ${height + 8}"
      width="${WIDTH + 8}"
      height="${height + 8}"
      role="group"
      aria-labelledby="flow-title"
    >
      <title id="flow-title">谁写入、谁读取每个主题 Who writes and who reads each topic</title>
      ${topics.map((topic, place) => topicGroup(topic, middle(place), writers, readers))}
      ${[...writers].map(([who, y]) => partyBox(who, COLUMNS.writers, y))}
      ${[...readers].map(([who, y]) => partyBox(who, COLUMNS.readers, y))}
    </svg>
  </div> `;
}

/** Each party on one side in the order of the first topic it has, evenly over the height. */
function placed(topics: readonly Topic[], side: 'writers' | 'readers', height: number): Map<Party, number> {
  const order = [...new Set(topics.flatMap((topic) => topic[side]))];
  const middleOf = (who: Party) => {
    const places = topics.flatMap((topic, place) => (topic[side].includes(who) ? [place] : []));
    return places.reduce((sum, place) => sum + place, 0) / places.length;
  };
  const sorted = order.toSorted((a, b) => middleOf(a) - middleOf(b));
  const step = height / sorted.length;
  return new Map(sorted.map((who, place) => [who, place * step + step / 2]));
}

function topicGroup(
  { name, words, writers, readers }: Topic,
  y: number,
  from: Map<Party, number>,
  to: Map<Party, number>,
): Html {
  const x = COLUMNS.topics;
  return html`<g class="flow-topic">
    ${writers.map((who) => curve(COLUMNS.writers + BOX.width, from.get(who)!, x, y))}
    ${readers.map((who) => curve(x + TOPIC_WIDTH, y, COLUMNS.readers, to.get(who)!))}
    <a href="#${topicId(name)}"
      ><rect x="${x}" y="${y - 19}" width="${TOPIC_WIDTH}" height="38" rx="8" /><text x="${x + 12}" y="${y - 2}"
        >${words.name.zh}</text
      ><text x="${x + 12}" y="${y + 13}" class="code">${name}</text></a
    >
  </g> `;
}

function curve(x1: number, y1: number, x2: number, y2: number): Html {
  const bend = (x2 - x1) / 2;
  return html`<path d="M${x1} ${round(y1)}C${x1 + bend} ${round(y1)} ${x2 - bend} ${round(y2)} ${x2} ${round(y2)}" />`;
}

const partyBox = (who: Party, x: number, y: number): Html =>
  html`<g class="flow-party"
    ><rect x="${x}" y="${round(y - BOX.height / 2)}" width="${BOX.width}" height="${BOX.height}" rx="17" /><text
      x="${x + BOX.width / 2}"
      y="${round(y + 4.5)}"
      text-anchor="middle"
      >${parties[who].zh}${who === 'teams' ? '' : html` <tspan class="code">${who}</tspan>`}</text
    ></g
  > `;

const round = (n: number): number => Math.round(n * 10) / 10;
