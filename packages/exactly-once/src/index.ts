export { deadLetter } from './dead-letter.ts';
export { exactlyOnceMigrations } from './migrations.ts';
export { startProcessor } from './processor.ts';
export type { Decide, Processor } from './processor.ts';
export { outboxRow, settleBatches } from './batch.ts';
export type { DecidedBatch } from './batch.ts';
