import { fillLines } from './fill.ts';
import { wordReturn } from './moment.ts';
import type { WordingOptions } from './outcome.ts';
import { templates } from './templates.ts';
import type { Language } from './templates.ts';

/** A follower reached a limit and may return at `untilMs` (milliseconds since 1970). */
export const wordTooFast = (untilMs: number, { language, now }: WordingOptions): string =>
  fillLines(templates[language].tooFast, { until: wordReturn(untilMs, now, language) });

/** Nothing was taken; the follower may try again. */
export const wordTryLater = (language: Language): string => fillLines(templates[language].tryLater, {});
