export { deadLetter } from './dead-letter.ts';
export { exactlyOnceMigrations } from './migrations.ts';
export { startProcessor } from './processor.ts';
export type { Decide, Processor } from './processor.ts';
