import type { CheckResult } from '../audit/check.ts';
import { illustrated } from './illustrate.ts';
import { startLogLines } from './log-lines.ts';
import { logLines } from './log-pages.ts';
import type { LogAddress } from './log-pages.ts';
import { prove } from './prove.ts';
import type { Proof } from './prove.ts';
import type { OnRead } from './reading.ts';
import type { Source } from './source.ts';

export type ProofOptions = {
  source: Source;
  /** The claim log to hold beside the topics; without one that check is left out. */
  log?: LogAddress | undefined;
  onRead: OnRead;
};

export type ProofReport = Proof & {
  /** Whether every check found nothing. */
  clean: boolean;
  seconds: number;
  source: string;
  /** Whether the claim log was looked at. */
  withLog: boolean;
};

/** Proves, then looks at the claim log, then says in full what the evidence names. Closes the source. */
export async function runProof({ source, log, onRead }: ProofOptions): Promise<ProofReport> {
  const startedAt = performance.now();
  try {
    const { proof, told, wasRead } = await prove(source, onRead);
    const logged: CheckResult[] = [];
    if (log !== undefined) {
      const check = startLogLines(told, wasRead);
      let done = 0;
      for await (const lines of logLines(log)) {
        for (const line of lines) check.take(line);
        done += lines.length;
        onRead('claim-log', done, proof.outcomes + proof.otherFacts);
      }
      logged.push(check.result());
    }
    const checks = await illustrated([...proof.checks, ...logged], source);
    return {
      ...proof,
      checks,
      clean: checks.every(({ found }) => found === 0),
      seconds: (performance.now() - startedAt) / 1000,
      source: source.name,
      withLog: log !== undefined,
    };
  } finally {
    await source.close();
  }
}
