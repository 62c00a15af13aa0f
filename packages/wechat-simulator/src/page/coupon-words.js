import { plainYuan, price } from './money.js';
import { dayTime } from './times.js';
import { known, locale, t } from './words.js';

/** The big word on a ticket: what a coupon is worth. */
export function worth({ kind, valueFen, percent, thresholdFen }) {
  if (kind === 'percent') return percent >= 100 ? t('worthFree') : t('worthPercent', { percent, fold: fold(percent) });
  if (kind === 'gift') return t('worthGift');
  if (kind === 'threshold' || kind === 'amount') return `¥${plainYuan(valueFen)}`;
  return thresholdFen > 0 ? `¥${plainYuan(valueFen)}` : t('coupon');
}

/** Percent off as Chinese counts it, tenths still to pay: 20 off is 8, 15 off is 8.5. */
const fold = (percentOff) => {
  const left = 100 - percentOff;
  return left % 10 === 0 ? String(left / 10) : `${Math.floor(left / 10)}.${left % 10}`;
};

/** From what sum on, and up to what. */
export function condition({ kind, thresholdFen, capFen, valueFen }) {
  const parts = [thresholdFen > 0 ? t('fromSum', { yuan: plainYuan(thresholdFen) }) : t('anySum')];
  if (kind === 'percent' && capFen > 0) parts.push(t('atMost', { yuan: plainYuan(capFen) }));
  if (kind === 'gift' && valueFen > 0) parts.push(t('giftWorth', { yuan: plainYuan(valueFen) }));
  return parts.join(t('comma'));
}

const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** 2023-01-01 was a Sunday: day n of the week is n days later. */
const weekday = (day) => new Date(2023, 0, 1 + day).toLocaleDateString(locale(), { weekday: 'short' });

/** When, where and for what it may be used; nothing when it may be always. */
export function bounds({ rules }) {
  const { weekdays = [], hours = [], scope = {} } = rules ?? {};
  const { goods = [], categories = [], shops = [] } = scope ?? {};
  return [
    weekdays.length === 0 || weekdays.length === 7 ? '' : weekdays.map(weekday).join(' '),
    hours.map(({ fromMinute, untilMinute }) => `${clock(fromMinute)}–${clock(untilMinute)}`).join(' '),
    categories.length + goods.length === 0 ? '' : t('onlyFor', { what: [...categories, ...goods].join(' ') }),
    shops.length === 0 ? '' : t('onlyAt', { where: shops.join(' ') }),
  ].filter((text) => text !== '');
}

const dayMs = 86_400_000;

/** Until when it can be used, in the words that matter: the last day has hours. */
export function lasting({ validFrom, expiresAt }) {
  if (validFrom && Date.parse(validFrom) > Date.now()) return t('validFrom', { at: dayTime(validFrom) });
  if (!expiresAt) return t('validAlways');
  const left = Date.parse(expiresAt) - Date.now();
  if (left > 0 && left < dayMs) return t('validHours', { n: Math.max(Math.ceil(left / 3_600_000), 1) });
  return t('validUntil', { at: dayTime(expiresAt) });
}

/** Why a coupon cannot be used for this cart, and what would help. */
export function whyNot({ reason, missingFen, atMs, at }) {
  const key = `why_${reason}`;
  if (!known(key)) return t('why_other', { reason });
  if (reason === 'below_threshold' && !missingFen) return t('why_below');
  return t(key, { yuan: price(missingFen ?? 0), at: (atMs ?? at) ? dayTime(atMs ? Number(atMs) : at) : '' }).trim();
}
