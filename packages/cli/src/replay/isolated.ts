import { InvalidArgumentError } from 'commander';

/** An option's parser for the name of an isolated system: it becomes part of topics' and databases' names. */
export function systemName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,19}$/.test(text)) return text;
  throw new InvalidArgumentError('要 1–20 个 a-z 0-9 - · 1 to 20 of a-z 0-9 - are needed.');
}

/** Sets an isolated system's topics, groups and databases apart from every other's. */
export const isolatedPrefix = (name: string): string => `replay-${name}.`;
