export { isolate } from './isolate.ts';
export type { Isolated } from './isolate.ts';
export { servers } from './servers.ts';
export { until } from './until.ts';
