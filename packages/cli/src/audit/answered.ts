import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError } from '@lingquan/errors';
import { maskOpenid } from '@lingquan/log';
import { z } from 'zod';
import { startCheck } from './check.ts';
import type { CheckResult } from './check.ts';
import { factText } from './ledger.ts';
import type { Ledger } from './ledger.ts';

const answered = z.object({ openid: z.string(), code: z.string() });
export type Answered = z.output<typeof answered>;

/** What followers were told, as `load --out` wrote it. Rejects with `invalid`, naming the line, when it is something else. */
export async function* readAnswers(path: string): AsyncGenerator<Answered> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (line.trim() !== '') yield answered.parse(JSON.parse(line));
    }
  } catch (cause) {
    throw new AppError('invalid', `--answers: 无法读取 cannot read ${path}${number > 0 ? `:${number}` : ''}`, {
      cause,
    });
  }
}

/** Whether every code a follower was shown is that follower's claim. */
export async function checkAnswers(
  ledger: Ledger,
  answers: AsyncIterable<Answered> | Iterable<Answered>,
): Promise<CheckResult> {
  const check = startCheck('answers', '已答复的都在 every answered claim is there');
  for await (const { openid, code } of answers) {
    check.looked();
    const claim = ledger.claimByCode(code);
    if (claim === undefined)
      check.found(`${code}: 已告知 told to ${maskOpenid(openid)}，没有这次领取 there is no such claim`);
    else if (claim.openid !== openid)
      check.found(
        `${code}: 已告知 told to ${maskOpenid(openid)}，属于 belongs to ${maskOpenid(claim.openid)}, ${factText(claim)}`,
      );
  }
  return check.result();
}
