export { wordOutcome } from './outcome.ts';
export type { WordingOptions } from './outcome.ts';
export { wordTooFast, wordTryLater } from './refusals.ts';
export { languages } from './languages.ts';
export type { Language } from './templates.ts';
export { wordRedeemed, wordUnusable } from './usage.ts';
export type { RedeemedCoupon, UnusableDetails } from './usage.ts';
export { wordWorth } from './worth.ts';
