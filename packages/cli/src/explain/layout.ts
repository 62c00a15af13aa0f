import stringWidth from 'string-width';
import { printable } from '../printable.ts';
import { clockText, dayText, momentText } from './clock.ts';
import type { Explanation } from './explanation.ts';
import type { Where } from './gathered.ts';
import type { HeldCoupon } from './held.ts';
import type { Moment, Saying } from './moments.ts';
import { words } from './words.ts';
import type { Words } from './words.ts';

/** Where the records stand, in columns; longer lines push theirs out. */
const WHERE_COLUMN = 72;
const CLOCK_WIDTH = 12;

/** An explanation as a person reads it: what was held, then what happened, day by day, each line with its record at the right. */
export function explanationText({ about, atMs, source, how, held, timeline }: Explanation): string {
  const who = 'follower' in about ? `粉丝 follower ${about.follower}` : `券 coupon ${about.code}`;
  const coupons = held.length === 0 ? ['  没有 none'] : held.flatMap(heldLines);
  return [
    who,
    `截至 as of ${momentText(atMs)}（北京时间 Beijing time） · ${source}`,
    ...(how === 'quick'
      ? [
          '快查：只读日志指到的记录，没读推送，规则按时间 quick: only the records the log points to; no pushes, rules by the clock',
        ]
      : []),
    '',
    '当时持有 held then',
    ...coupons,
    '',
    '经过 what happened',
    ...byDay(timeline),
  ]
    .map(printable)
    .join('\n');
}

function heldLines({ code, campaignName, campaignId, worth, state, by, expiresAtMs, since }: HeldCoupon): string[] {
  const sign = state === 'issued' ? '●' : state === 'locked' ? '◐' : '○';
  const ends = expiresAtMs === undefined ? '' : `，到 until ${momentText(expiresAtMs)}`;
  const holder = by === '' ? '' : ` ${by}`;
  return [
    placed(`  ${sign} ${code}  ${both(words.states[state])}${holder}${state === 'issued' ? ends : ''}`, since),
    `    ${campaignName} ${worth}（${campaignId}）`,
  ];
}

function byDay(timeline: Moment[]): string[] {
  const lines: string[] = [];
  let day = '';
  for (const moment of timeline) {
    const today = dayText(moment.timeMs);
    if (today !== day) lines.push(`  ${today}`);
    day = today;
    lines.push(...momentLines(moment));
  }
  return lines.length === 0 ? ['  什么也没有 nothing'] : lines;
}

const indent = ' '.repeat(CLOCK_WIDTH + 4);

const momentLines = (moment: Moment): string[] => [
  ...sayingLines(`  ${clockText(moment.timeMs)}  `, moment),
  ...moment.outcomes.flatMap((outcome) => sayingLines(`${indent}╰ `, outcome)),
];

/** Chinese on the line, English under it where it says more than a word. */
function sayingLines(before: string, { say, where, rule }: Saying): string[] {
  const under = ' '.repeat(stringWidth(before));
  return [
    placed(before + say.zh, where),
    `${under}${say.en}`,
    ...(rule === undefined
      ? []
      : [placed(`${under}规则 rule: ${both(rule.text)}，自 since ${momentText(rule.timeMs)}`, rule.where)]),
  ];
}

const both = ({ zh, en }: Words): string => `${zh} ${en}`;

/** A line with its record at the right. */
function placed(line: string, where: Where | undefined): string {
  if (where === undefined) return line;
  const gap = Math.max(2, WHERE_COLUMN - stringWidth(line));
  return `${line}${' '.repeat(gap)}${whereText(where)}`;
}

/** `coupon.events[0]@12 #7`: the record, and the batch in which it had its turn. */
const whereText = ({ topic, partition, offset, batch }: Where): string =>
  `${topic}[${partition}]@${offset}${batch === undefined ? '' : ` #${batch}`}`;
