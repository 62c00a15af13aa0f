import { join } from 'node:path';
import { openAnswersFile, runAudit } from '@lingquan/cli';
import type { LoadSummary } from '@lingquan/cli';
import { services, simulator } from '@lingquan/local-stack/service-table.ts';
import type { Mode } from './account.ts';
import { cpuDuring, systemMicros } from './cpu.ts';
import { figuresJson, figuresText } from './figures.ts';
import type { Line } from './figures.ts';
import { codes, codesPerSecond, load, requireCodes, sixtyFour } from './load.ts';
import type { Process } from './process.ts';
import type { Servers } from './servers.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';

const warmUpMs = 6000;
const closedMs = 12_000;
const openMs = 10_000;
const rawMs = 4000;
const ratePerSecond = 1000;

/**
 * Durable claims per second through the whole system (push in → reply with the code out, coupon in Postgres, event in the log) and what
 * they cost, beside a plain Koa that checks the same signature, parses the same message and answers. Ends with an audit in which every
 * answered claim must be there.
 */
export async function run(servers: Servers, mode: Mode) {
  await using opened = new AsyncDisposableStack();
  const stage = await openStage(opened, servers, { name: 'e2e', mode });
  const processes = await Promise.all([...services, simulator].map(({ name }) => stage.run(name)));
  await stage.createCampaign('优惠券');
  const answersFile = join(servers.layout.dir, 'answers.jsonl');
  const answers = await openAnswersFile(answersFile);

  const push = (pace: Parameters<typeof load>[2]['pace'], durationMs: number) =>
    load(stage.system.ingressUrl, stage.account, { pace, durationMs, onCode: answers.add });
  const pids = { ...servers.pids, ...pidsOf(processes) };
  servers.say('warming up');
  requireCodes(await push(sixtyFour, warmUpMs), 'warming up');
  servers.say('64 connections');
  const closed = await cpuDuring(pids, () => push(sixtyFour, closedMs), codes);
  servers.say(`${ratePerSecond}/s`);
  const open = await cpuDuring(pids, () => push({ kind: 'open', ratePerSecond }, openMs), codes);
  await answers.close();
  servers.say('audit');
  const audit = await audited(stage, answersFile);
  servers.say('plain Koa');
  const raw = await rawSide(stage);

  const lines = linesOf({ closed, open, raw });
  console.log(figuresText(`end-to-end (${mode})`, 'plain Koa', lines));
  console.log(`audit: ${audit.clean ? 'clean' : 'NOT CLEAN'}, ${audit.claims} claims in ${audit.seconds.toFixed(1)} s`);
  for (const { id, found, evidence } of audit.checks)
    if (found > 0) console.log(`  ${id}: ${found}: ${evidence.join('; ')}`);
  for (const { result } of [closed, open]) requireCodes(result, 'end-to-end');
  return { mode, lines: figuresJson(lines), audit: { clean: audit.clean, claims: audit.claims } };
}

const pidsOf = (processes: Process[]) => Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));

const audited = ({ system }: Stage, answersFile: string) =>
  runAudit({ system, answersFile, restWithinMs: 30_000, onWait: () => {}, onRead: () => {} });

async function rawSide(stage: Stage) {
  const koa = await stage.runPlainKoa();
  await load(koa.url, stage.account, { pace: sixtyFour, durationMs: rawMs / 2 });
  const closed = await cpuDuring(
    pidsOf([koa]),
    () => load(koa.url, stage.account, { pace: sixtyFour, durationMs: rawMs }),
    codes,
  );
  const open = await load(koa.url, stage.account, { pace: { kind: 'open', ratePerSecond }, durationMs: rawMs });
  await koa.stop();
  return { closed, open };
}

type Measured = { result: LoadSummary; cpuMicros: Record<string, number> };

function linesOf({
  closed,
  open,
  raw,
}: {
  closed: Measured;
  open: Measured;
  raw: { closed: Measured; open: LoadSummary };
}): Line[] {
  const [at64, raw64] = [closed.result, raw.closed.result];
  const byProcess = Object.entries(closed.cpuMicros).map(([name, micros]) => ({
    what: `  ${name}`,
    unit: 'µs CPU/claim',
    ours: micros,
    ...(name === 'load' ? { raw: raw.closed.cpuMicros['load']! } : {}),
  }));
  return [
    { what: 'claims, 64 connections', unit: '/s', ours: codesPerSecond(at64), raw: codesPerSecond(raw64) },
    { what: '  P50', unit: 'ms', ours: at64.latencyMs.p50, raw: raw64.latencyMs.p50 },
    { what: '  P95', unit: 'ms', ours: at64.latencyMs.p95, raw: raw64.latencyMs.p95 },
    { what: '  P99', unit: 'ms', ours: at64.latencyMs.p99, raw: raw64.latencyMs.p99 },
    {
      what: `P50 at ${ratePerSecond}/s, open loop`,
      unit: 'ms',
      ours: open.result.latencyMs.p50,
      raw: raw.open.latencyMs.p50,
    },
    {
      what: `P99 at ${ratePerSecond}/s, open loop`,
      unit: 'ms',
      ours: open.result.latencyMs.p99,
      raw: raw.open.latencyMs.p99,
    },
    {
      what: 'CPU of the system, 64 connections',
      unit: 'µs/claim',
      ours: systemMicros(closed.cpuMicros),
      raw: systemMicros(raw.closed.cpuMicros),
    },
    ...byProcess,
    { what: `CPU of the system, ${ratePerSecond}/s`, unit: 'µs/claim', ours: systemMicros(open.cpuMicros) },
  ];
}
