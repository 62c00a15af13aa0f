import type { Layout } from './layout.ts';
import type { PidFiles } from './processes/pid-files.ts';
import type { StartOptions } from './start-options.ts';
import type { Say } from './terminal.ts';

/** What every step of a start needs: where, with which settings, whom to tell, and when to give up. */
export type Starting = {
  layout: Layout;
  env: NodeJS.ProcessEnv;
  options: StartOptions;
  say: Say;
  pids: PidFiles;
  /** Fires when the start was called off, by its user or by a step that failed. */
  signal: AbortSignal;
};
