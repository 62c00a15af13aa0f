export { isolate } from './isolate.ts';
export type { Isolated } from './isolate.ts';
export { readTopic } from './read-topic.ts';
export { servers } from './servers.ts';
export { until } from './until.ts';
