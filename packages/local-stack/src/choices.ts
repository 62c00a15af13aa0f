import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Layout } from './layout.ts';
import type { ServerName } from './servers/names.ts';
import type { ProgramChoice } from './servers/programs.ts';

/** How a server was brought up: as a program (with its ports and folder) or by Docker (with its port). */
export type Choice = ({ by: 'program' } & ProgramChoice) | { by: 'docker'; port: number };

export type Choices = Partial<Record<ServerName, Choice>>;

/** The choices of the last start; none the first time. */
export function readChoices({ choicesFile }: Layout): Choices {
  return existsSync(choicesFile) ? (JSON.parse(readFileSync(choicesFile, 'utf8')) as Choices) : {};
}

/** Keeps the choices for the next start. A server not among them keeps the choice it had. */
export function keepChoices(layout: Layout, choices: Choices): void {
  writeFileSync(layout.choicesFile, `${JSON.stringify({ ...readChoices(layout), ...choices }, null, 2)}\n`);
}
