import type { Account } from '@lingquan/accounts';
import { answersFrom } from './answers.ts';
import { messageIds, openidOf } from './followers.ts';
import type { Followers } from './followers.ts';
import { keepPace } from './pace.ts';
import type { Pace } from './pace.ts';
import { pushesTo } from './pushes.ts';
import { openSender } from './sender.ts';
import { startTally } from './tally.ts';
import type { Latency } from './tally.ts';

export type LoadOptions = {
  ingressUrl: string;
  account: Account;
  keyword: string;
  pace: Pace;
  durationMs: number;
  countMax: number;
  followers: Followers;
  /** The same seed names the same followers. */
  seed: string;
  /** Whether encrypted replies are opened, to find the codes in them. */
  opens: boolean;
  stopped: AbortSignal;
  /** Called about once a second with the whole run's counts and the last second's latency. */
  onProgress?: (progress: Progress) => void;
  /** Called for every reply with a code. */
  onCode?: (claim: AnsweredClaim) => void;
};

export type Progress = {
  seconds: number;
  sent: number;
  answered: number;
  codes: number;
  ratePerSecond: number;
  latency: Latency;
};

/** A claim whose code a follower has seen: it must be there whatever happens afterwards. */
export type AnsweredClaim = { openid: string; msgId: string; code: string };

/** What came of a run. Latencies count from the instant a push should have left. */
export type LoadSummary = {
  seconds: number;
  sent: number;
  /** Answers a second over the whole run, whatever they were. */
  ratePerSecond: number;
  answers: Record<string, number>;
  latencyMs: Latency;
};

/** Connections an open loop may have: WeChat's servers open as many as they need. */
const connectionsMax = 512;

/** Pushes text messages at ingress as WeChat would and tells what came back. Rejects for nothing: no answer is counted too. */
export async function runLoad(options: LoadOptions): Promise<LoadSummary> {
  const { account, pace, seed, followers, keyword, onProgress, onCode } = options;
  const sender = openSender(options.ingressUrl, pace.kind === 'closed' ? pace.connections : connectionsMax);
  const pushOf = pushesTo(account);
  const answerOf = answersFrom(account, options.opens);
  const msgIdOf = messageIds();
  const [whole, second] = [startTally(), startTally()];
  let sentSoFar = 0;
  const startedAt = performance.now();

  const send = (n: number, intendedAt: number, done: () => void) => {
    const openid = openidOf(seed, followers, n);
    const msgId = msgIdOf(n);
    sentSoFar = n + 1;
    sender.send(pushOf({ openid, msgId, text: keyword, atMs: Date.now() }), (got) => {
      const latencyMs = performance.now() - intendedAt;
      const answer = typeof got === 'string' ? { kind: got } : answerOf(got);
      whole.record(answer.kind, latencyMs);
      second.record(answer.kind, latencyMs);
      if (answer.code !== undefined) onCode?.({ openid, msgId, code: answer.code });
      done();
    });
  };

  let toldAt = startedAt;
  const timer = setInterval(() => {
    const now = performance.now();
    onProgress?.({
      seconds: (now - startedAt) / 1000,
      sent: sentSoFar,
      answered: whole.total(),
      codes: whole.counts()['code'] ?? 0,
      ratePerSecond: (second.total() * 1000) / (now - toldAt),
      latency: second.latency(),
    });
    toldAt = now;
    second.reset();
  }, 1000);
  const sent = await keepPace({
    pace,
    durationMs: options.durationMs,
    countMax: options.countMax,
    stopped: options.stopped,
    send,
  });
  clearInterval(timer);
  const seconds = (performance.now() - startedAt) / 1000;
  await sender.close();
  return { seconds, sent, ratePerSecond: sent / seconds, answers: whole.counts(), latencyMs: whole.latency() };
}
