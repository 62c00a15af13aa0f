import type { Env } from '@lingquan/config';
import { findSystem } from '../system.ts';
import type { System } from '../system.ts';
import type { LogAddress } from './log-pages.ts';

/** The claim log at this address, or the system's when it is just `true`; undefined when none is asked for. */
export function logAddress(
  env: Env,
  log: string | true | undefined,
  system: System | undefined,
): LogAddress | undefined {
  if (log === undefined) return undefined;
  const { claimLogUrl, topicPrefix } = system ?? findSystem(env);
  return { url: log === true ? claimLogUrl : log, token: env['CLAIM_LOG_TOKEN'] || undefined, topicPrefix };
}
