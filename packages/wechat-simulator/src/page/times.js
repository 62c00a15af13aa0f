import { state } from './store.js';
import { locale } from './words.js';

/** The platform's own now, as far as it is ahead of this machine. */
export const platformNow = () => new Date(Date.now() + state.clockShiftMs);

export const clockTime = (at) => new Date(at).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' });

export const exactTime = (at) =>
  `${new Date(at).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit' })}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;

/** With the day when it is not the platform's today. */
export function dayTime(at) {
  const date = new Date(at);
  const sameDay = date.toDateString() === platformNow().toDateString();
  return sameDay
    ? clockTime(at)
    : `${date.toLocaleDateString(locale(), { month: 'short', day: 'numeric' })} ${clockTime(at)}`;
}

export const milliseconds = (ms) =>
  ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
