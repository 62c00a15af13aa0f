/** The same thing said in Chinese and in English. */
export type Text = { zh: string; en: string };

/** Both, Chinese first, as Markdown. */
export const both = ({ zh, en }: Text): string => `${zh}\n\n${en}`;

const DAY_MS = 24 * 3600 * 1000;

/** How long a topic is kept, in the largest unit that comes out whole. */
export function durationText(ms: number): Text {
  const days = ms / DAY_MS;
  if (Number.isInteger(days)) return { zh: `${days} 天`, en: days === 1 ? '1 day' : `${days} days` };
  const hours = (ms / DAY_MS) * 24;
  return { zh: `${hours} 小时`, en: hours === 1 ? '1 hour' : `${hours} hours` };
}
