import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@lingquan/errors';
import { runIssuerReplay } from '@lingquan/cli/replay/issuer-program.ts';
import type { ReplayReport } from '@lingquan/cli/replay/issuer-program.ts';
import { dropDatabases } from '@lingquan/cli/replay/store.ts';
import { openRecording } from '@lingquan/recording';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';
import { generateRecording } from './replay/generate.ts';
import { consumeBare } from './replay/bare-consumer.ts';
import { writeByHand } from './replay/rows-by-hand.ts';
import type { Servers } from './servers.ts';

const codeSecret = 'be'.repeat(32);

/**
 * How fast a recording is decided again, exactly: campaigns that sell out, pauses and changes of stock among `REPLAY_PUSHES` pushes (a million
 * unless set). Once straight through, once with three kills -9 between; both must say the same to the byte. Beside reading the recording
 * and nothing else, a bare kafkajs consumer of the same pushes, and the same rows written by hand.
 */
export async function run(servers: Servers) {
  const pushes = Number(process.env['REPLAY_PUSHES'] ?? 1_000_000);
  await using opened = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-bench-'));
  opened.defer(() => rm(dir, { recursive: true }));
  const file = join(dir, 'recorded');
  const postgresUrl = servers.addresses['POSTGRES_URL']!;
  const databases = ['bench_replay_straight', 'bench_replay_killed'] as const;
  await dropDatabases(postgresUrl, databases);
  opened.defer(() => dropDatabases(postgresUrl, databases));

  servers.say(`recording ${pushes} pushes`);
  const { records } = await generateRecording(file, pushes);
  servers.say('reading the recording and nothing else');
  const reading = await readBare(file);
  servers.say('consuming the pushes bare');
  const consuming = await consumeBare(servers, file, Math.min(pushes, 200_000));

  const replay = async (name: 'straight' | 'killed', stopped: AbortSignal, onDecided: (decided: number) => void) =>
    runIssuerReplay(
      {
        postgresUrl,
        codeSecret,
        file,
        outcomeFile: join(dir, name),
        database: `bench_replay_${name}`,
      },
      { stopped, onProgress: ({ decided }) => onDecided(decided) },
    );
  servers.say('deciding, straight through');
  const straight = await replay('straight', new AbortController().signal, () => undefined);
  const kills = await untilDone(
    straight.decided,
    (stopped, onDecided) => replay('killed', stopped, onDecided),
    servers.say,
  );
  if (kills.report.outcome.digest !== straight.outcome.digest)
    throw new AppError(
      'internal',
      `killed in between it said ${kills.report.outcome.digest}, else ${straight.outcome.digest}`,
    );
  servers.say('writing the same rows by hand');
  const byHand = await writeByHand(postgresUrl, databases[0]);

  const perSecond = straight.decidedNow / straight.seconds;
  const lines: Line[] = [
    { what: `records decided of ${records} (beside: read)`, unit: '/s', ours: perSecond, raw: reading },
    { what: 'beside a bare kafkajs consumer', unit: '/s', ours: perSecond, raw: consuming },
    {
      what: 'rows written (beside: SQL by hand)',
      unit: '/s',
      ours: (perSecond * byHand.rows) / straight.decided,
      raw: byHand.perSecond,
    },
  ];
  console.log(figuresText('replay', 'raw', lines));
  console.log(`${kills.count} kills between: the same outcome, ${straight.outcome.digest}`);
  return { lines: figuresJson(lines), digest: straight.outcome.digest, kills: kills.count, said: straight.said };
}

async function readBare(file: string): Promise<number> {
  await using recording = await openRecording(file);
  const startedAt = performance.now();
  let count = 0;
  for await (const batch of recording.read()) count += batch.length;
  return (1000 * count) / (performance.now() - startedAt);
}

type Replay = (stopped: AbortSignal, onDecided: (decided: number) => void) => Promise<ReplayReport>;

/** Runs a replay, kills it at a fifth, at half and at four fifths, and runs it again until it is done. */
async function untilDone(decided: number, replay: Replay, say: (line: string) => void) {
  let count = 0;
  for (const share of [0.2, 0.5, 0.8, Infinity]) {
    const killer = new AbortController();
    say(`deciding, killed ${count} times so far`);
    try {
      const report = await replay(killer.signal, (now) => {
        if (now >= share * decided) killer.abort();
      });
      return { report, count };
    } catch (error) {
      if (!killer.signal.aborted) throw error;
      count++;
    }
  }
  throw new AppError('internal', 'a replay that nobody killed did not end');
}
