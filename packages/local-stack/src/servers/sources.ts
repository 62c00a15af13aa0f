import { addressVariable, serverNames } from './names.ts';
import type { ServerName } from './names.ts';

/** Where a server comes from: an address somebody gave, a Docker engine, or a program on this machine. */
export type Source = 'environment' | 'docker' | 'program';

/**
 * Decides for each server on its own: an address in the environment, else a Docker engine, else a program. A server that
 * `remembered` a way stays with it, because that is where its data is.
 */
export function chooseSources(
  env: NodeJS.ProcessEnv,
  { docker, remembered = {} }: { docker: boolean; remembered?: Partial<Record<ServerName, 'docker' | 'program'>> },
): Record<ServerName, Source> {
  const sourceOf = (name: ServerName): Source => {
    if (env[addressVariable[name]]) return 'environment';
    return remembered[name] ?? (docker ? 'docker' : 'program');
  };
  return { kafka: sourceOf('kafka'), postgres: sourceOf('postgres'), redis: sourceOf('redis') };
}

/** The servers of one source, in the order of `serverNames`. */
export const serversFrom = (source: Source, sources: Record<ServerName, Source>): ServerName[] =>
  serverNames.filter((name) => sources[name] === source);
