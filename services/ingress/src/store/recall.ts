import type { Redis } from '@lingquan/redis';
import { decodeAnswer, encodeAnswer } from '../domain/answer.ts';
import type { KeptAnswer } from '../domain/answer.ts';

/** What Redis knows of a push. */
export type Recalled =
  /** Answered before: this is the answer. */
  | { kind: 'answered'; answer: KeptAnswer }
  /** The follower is over a limit for `waitMs` more; the push is not counted. */
  | { kind: 'limited'; waitMs: number }
  /** Not answered yet as far as Redis knows. */
  | { kind: 'new' };

export type Follower = { appid: string; openid: string };

/** Pushes per follower; 0 is no limit. A window begins with the first push in it. */
export type Limits = { perHour: number; perDay: number };

export type Recall = {
  /** Looks up the push's answer and, when `counted`, counts it once against its follower's limits. One round trip. */
  ask: (id: string, follower: Follower, counted: boolean) => Promise<Recalled>;
  /** Keeps the answer for the push's repeats. */
  remember: (id: string, follower: Follower, answer: KeptAnswer) => Promise<unknown>;
};

/** WeChat repeats within half a minute; the platform's own advice is to know a push for a day (reference 4.4). */
const KEEP_SECONDS = 24 * 3600;

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Gives the kept answer if there is one; '' when the push was counted and is not answered yet; the milliseconds until the
 * follower may return when over a limit; nil when it was counted now. The time is Redis's own: instances' clocks differ.
 * KEYS: answer, hour, day. ARGV: limit per hour, per day; hour and day in ms; seconds to keep.
 */
const script = `
local kept = redis.call('GET', KEYS[1])
if kept then return kept end
local wait = 0
for i = 1, 2 do
  local limit = tonumber(ARGV[i])
  if limit > 0 and tonumber(redis.call('GET', KEYS[i + 1]) or '0') >= limit then
    wait = math.max(wait, redis.call('PTTL', KEYS[i + 1]), 1)
  end
end
if wait > 0 then return wait end
for i = 1, 2 do
  if tonumber(ARGV[i]) > 0 and redis.call('INCR', KEYS[i + 1]) == 1 then
    redis.call('PEXPIRE', KEYS[i + 1], ARGV[i + 2])
  end
end
redis.call('SET', KEYS[1], '', 'EX', ARGV[5])
return nil`;

type WithScript = Redis & {
  lingquanRecall: (...keysAndArguments: (string | number)[]) => Promise<string | number | null>;
};

/** Redis's part: finished answers and limits. A convenience; every call may reject, and callers go on without it. */
export function openRecall(redis: Redis, prefix: string, { perHour, perDay }: Limits): Recall {
  redis.defineCommand('lingquanRecall', { numberOfKeys: 3, lua: script });
  const scripted = redis as WithScript;
  const anyLimit = perHour > 0 || perDay > 0;
  // The hash tag keeps a follower's keys on one node of a cluster.
  const tagOf = ({ appid, openid }: Follower) => `{${appid}:${openid}}`;
  const answerKey = (id: string, follower: Follower) => `${prefix}push:${tagOf(follower)}:${id}`;

  return {
    ask: async (id, follower, counted) => {
      const key = answerKey(id, follower);
      if (!counted || !anyLimit) return recalledOf(await redis.get(key));
      const limitKey = `${prefix}limit:${tagOf(follower)}:`;
      return recalledOf(
        await scripted.lingquanRecall(
          key,
          `${limitKey}hour`,
          `${limitKey}day`,
          perHour,
          perDay,
          HOUR_MS,
          DAY_MS,
          KEEP_SECONDS,
        ),
      );
    },
    remember: (id, follower, answer) => redis.set(answerKey(id, follower), encodeAnswer(answer), 'EX', KEEP_SECONDS),
  };
}

function recalledOf(reply: string | number | null): Recalled {
  if (typeof reply === 'number') return { kind: 'limited', waitMs: reply };
  const answer = reply === null ? undefined : decodeAnswer(reply);
  return answer === undefined ? { kind: 'new' } : { kind: 'answered', answer };
}
