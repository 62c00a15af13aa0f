export { openRecording } from './reader.ts';
export type { Recording, Wanted } from './reader.ts';
export type { Done, Meta, PartitionSummary, Range, Recorded } from './recorded.ts';
export { createRecording, resumeRecording } from './writer.ts';
export type { Recordable, Writer } from './writer.ts';
