/** Beijing keeps UTC+8 the whole year; all days and hours here are Beijing's. */
const BEIJING_MS = 8 * 3600 * 1000;

const iso = (ms: number): string => new Date(ms + BEIJING_MS).toISOString();

/** `2026-06-01` */
export const dayText = (ms: number): string => iso(ms).slice(0, 10);
/** `08:00:12.345` */
export const clockText = (ms: number): string => iso(ms).slice(11, 23);
/** `2026-06-01 08:00:12` */
export const momentText = (ms: number): string => `${dayText(ms)} ${iso(ms).slice(11, 19)}`;
