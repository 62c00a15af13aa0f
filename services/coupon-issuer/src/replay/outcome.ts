import { existsSync } from 'node:fs';
import { createRecording, resumeRecording } from '@lingquan/recording';
import type { Done, Recordable } from '@lingquan/recording';

/** What a replay says, in a recording instead of topics, numbered by topic and partition as it is said. */
export type Outcome = {
  /** Adds what a round said; returns the file's length with it. */
  add: (said: Recordable[]) => Promise<number>;
  finish: () => Promise<Done>;
};

/** Opens the outcome's file at the place where the store stands; 0 begins it. */
export async function openOutcome(path: string, bytes: number): Promise<Outcome> {
  const writer = existsSync(path)
    ? await resumeRecording(path, bytes)
    : await createRecording(path, { ranges: [], note: 'what a replay said' });
  return {
    add: async (said) => {
      await writer.append(said);
      return writer.flush();
    },
    finish: writer.finish,
  };
}
