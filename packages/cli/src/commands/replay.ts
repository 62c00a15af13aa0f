import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@lingquan/errors';
import { connectKafka } from '@lingquan/kafka';
import { openRecording } from '@lingquan/recording';
import type { Recording } from '@lingquan/recording';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { compareSources } from '../compare/compare-sources.ts';
import { outcomeTopics } from '../compare/run-compare.ts';
import { recordingSource } from '../compare/source.ts';
import { leaf } from '../leaf.ts';
import { wholeNumber } from '../numbers.ts';
import { bound } from '../record/bound.ts';
import type { Bound } from '../record/bound.ts';
import { recordRange } from '../record/record-range.ts';
import { codeSecret } from '../replay/code-secret.ts';
import { exactText, runExact } from '../replay/exact.ts';
import { dryRun, runFree } from '../replay/free.ts';
import { dryRunText, freeText } from '../replay/free-report.ts';
import { isolatedPrefix, systemName } from '../replay/isolated.ts';
import { removeSandbox } from '../replay/sandbox.ts';
import type { Filters } from '../replay/select.ts';
import type { Pace } from '../replay/send.ts';
import { leftOutText, undecidedCauses, without } from '../replay/undecided.ts';
import { findSystem, quietLog } from '../system.ts';
import { show } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

type Flags = {
  free: boolean;
  speed?: number;
  rate?: number;
  topics?: string[];
  campaign?: string;
  openid?: string;
  from?: Bound;
  to?: Bound;
  dryRun: boolean;
  fromMiddle: boolean;
  out?: string;
  system: string;
  keep: boolean;
  remove?: string;
  differences?: string;
  json: boolean;
};

/** `replay`: a recording, or what topics hold, into an isolated system. */
export const replay = (terminal: Terminal): Command =>
  leaf({
    usage: 'replay [file]',
    description:
      '重放录制（不给文件则重放正在运行的系统）：默认按原判定顺序，结果逐字节相同；--free 让分区重新竞争 · replay a recording (without a file: what the running system’s topics hold): decided in its journal’s order, the outcome the same to the byte; --free lets partitions race again',
    examples: [
      'lingquan replay friday.lqrec                              # 判定并与录制的结果比较 decide, and compare with what was recorded',
      'lingquan replay                                           # 正在运行的系统 the running system',
      'lingquan replay friday.lqrec --free                       # 尽快 as fast as it goes',
      'lingquan replay friday.lqrec --free --speed 10 --campaign ID --dry-run',
      'lingquan replay friday.lqrec --free --rate 2000 --system trial --keep && lingquan compare friday.lqrec --system trial',
      'lingquan replay --remove trial',
    ],
  })
    .option('--free', '发到隔离的系统，分区重新竞争 · send into an isolated system; partitions race again', false)
    .option('--speed <n>', '--free：按原间隔的 n 倍速，1 为原速 · n times as fast as it was; 1 as it was', speed)
    .option('--rate <n>', '--free：每秒条数 · records a second', wholeNumber(1))
    .option('--topics <names>', `--free：只发这些 · only these of wechat.inbound,coupon.commands`, names)
    .option('--campaign <id>', '--free：只发与此活动有关的 · only what this campaign answered')
    .option('--openid <openid>', '--free：只发此粉丝的 · only this follower’s pushes and commands')
    .option('--from <where>', '时刻（--free，或不给文件）· an instant (with --free, or without a file)', bound)
    .option('--to <where>', '时刻 · an instant', bound)
    .option(
      '--from-middle',
      '录制不是从头开始的也判定：之前的活动和领取无从知道 · decide also what does not begin at the beginning: earlier campaigns and claims are unknown',
      false,
    )
    .option('--dry-run', '--free：只说会发什么、多久 · only say what would be sent, and how long it takes', false)
    .option('--out <file>', '结果写到（默认 <file>.outcome）· where the outcome is written (default <file>.outcome)')
    .option('--system <name>', '隔离系统的名字 · the isolated system', systemName, 'trial')
    .option('--keep', '保留隔离系统 · keep the isolated system', false)
    .option('--remove <name>', '删除保留的隔离系统 · remove an isolated system that was kept', systemName)
    .option('--differences <file>', '把所有不同写入文件 · write every difference to a file')
    .action((file: string | undefined, flags: Flags) => act(terminal, file, flags));

async function act(terminal: Terminal, file: string | undefined, flags: Flags): Promise<void> {
  if (flags.remove !== undefined) return remove(terminal, flags.remove);
  if (file !== undefined) return replayFile(terminal, file, flags, flags);
  const dir = await mkdtemp(join(tmpdir(), 'lingquan-live-'));
  try {
    const live = join(dir, 'live.lqrec');
    await recordRange(terminal, { out: live, from: flags.from, to: flags.to });
    await replayFile(terminal, live, flags, {});
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function replayFile(
  terminal: Terminal,
  file: string,
  flags: Flags,
  { from, to }: { from?: Bound; to?: Bound },
): Promise<void> {
  await using recorded = await openRecording(file);
  const { campaign: campaignId, openid, topics } = flags;
  const filters = { topics, campaignId, openid, fromMs: instantOf(from), toMs: instantOf(to) };
  if (flags.free) return await free(terminal, recorded, flags, filters); // the recording stays open until then
  if (Object.values(filters).some((one) => one !== undefined) || flags.dryRun || flags.speed || flags.rate)
    throw new AppError(
      'invalid',
      '筛选、速度和 --dry-run 只用于 --free：少了一条，后面的判定就不同 · filters, speed and --dry-run go with --free: leave one record out, and later decisions are others',
    );
  await exact(terminal, recorded, flags);
}

async function exact(terminal: Terminal, recorded: Recording, flags: Flags): Promise<void> {
  const { postgresUrl } = findSystem(terminal.env);
  const file = recorded.path;
  const outcomeFile = flags.out ?? `${file}.outcome`;
  const { fromMiddle } = flags;
  const job = { postgresUrl, codeSecret: codeSecret(terminal.env), file, outcomeFile, fromMiddle };
  await runExact(terminal, { ...job, system: flags.system, keep: flags.keep }, async (report) => {
    if (!flags.json) terminal.out(`${exactText(report)}\n`);
    if ((await recordingSource(recorded).covers(outcomeTopics)).length === 0) {
      if (flags.json) show(terminal, true, { replay: report }, () => '');
      else terminal.out('没有录结果，无可比较 it was recorded without the outcome: nothing to compare with\n');
      return;
    }
    await using outcome = await openRecording(outcomeFile);
    const undecided = await undecidedCauses(recorded, report);
    const { source, leftOut } = without(recordingSource(recorded), undecided);
    const same = await compareSources(terminal, source, without(recordingSource(outcome), undecided).source, {
      json: flags.json,
      differencesFile: flags.differences,
      more: () => ({ replay: report, undecidedLeftOut: leftOut() }),
    });
    if (!flags.json) terminal.out(leftOutText(leftOut()));
    if (!same)
      throw new AppError('conflict', '重放的结果与录制不同，见上 the replay differs from what was recorded, see above');
  });
}

async function free(terminal: Terminal, recorded: Recording, flags: Flags, filters: Filters): Promise<void> {
  const pace = paceOf(flags);
  if (flags.dryRun) {
    const would = await dryRun(recorded, filters, pace);
    return show(terminal, flags.json, would, () => dryRunText(would));
  }
  const report = await runFree(terminal, recorded, {
    system: findSystem(terminal.env),
    name: flags.system,
    keep: flags.keep,
    codeSecret: codeSecret(terminal.env),
    pace,
    filters,
  });
  show(terminal, flags.json, report, () => freeText(report));
  if (!report.proof.clean)
    throw new AppError('conflict', '重放违反了承诺，证据见上 the replay broke a promise; the evidence is above');
}

async function remove(terminal: Terminal, name: string): Promise<void> {
  const { kafkaBrokers: brokers, postgresUrl } = findSystem(terminal.env);
  const topicPrefix = isolatedPrefix(name);
  const kafka = connectKafka({ brokers, clientId: 'lingquan', log: quietLog(), topicPrefix });
  try {
    await removeSandbox(postgresUrl, topicPrefix, kafka);
  } finally {
    await kafka.close();
  }
  terminal.out(`✓ 已删除隔离系统 removed the isolated system ${name}\n`);
}

function paceOf({ speed: times, rate }: Flags): Pace {
  if (times !== undefined && rate !== undefined)
    throw new AppError('invalid', '--speed 和 --rate 只能选一个 · choose one of --speed and --rate');
  if (times !== undefined) return { kind: 'spaced', speed: times };
  return rate === undefined ? { kind: 'fastest' } : { kind: 'rate', perSecond: rate };
}

function instantOf(where: Bound | undefined): number | undefined {
  if (where === undefined) return undefined;
  if (where.kind === 'instant') return where.atMs;
  throw new AppError('invalid', '有文件时 --from 和 --to 要时刻 · with a file, --from and --to are instants');
}

const names = (text: string): string[] => text.split(',').map((name) => name.trim());

function speed(text: string): number {
  const value = Number(text.replace(/^[×x]/, ''));
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('要倍数，如 1、10、0.5 · a factor is needed, such as 1, 10 or 0.5.');
}
