import { messageOf } from '@lingquan/errors';
import { temporaryLayout } from '@lingquan/local-stack/test-servers.ts';
import type { Mode } from './account.ts';
import { run as audit } from './audit-topics.ts';
import { run as claimLog } from './claim-log.ts';
import { run as discount } from './discount.ts';
import { run as endToEnd } from './end-to-end.ts';
import { run as ingress } from './ingress.ts';
import { run as issuer } from './issuer.ts';
import { run as orders } from './orders.ts';
import { run as replay } from './replay.ts';
import { openServers } from './servers.ts';
import type { Servers } from './servers.ts';

/** Every bench: what it measures, and its run. Each prints its figures and gives them back. */
const benches: Record<string, { about: string; run: (servers: Servers, mode: Mode) => Promise<unknown> }> = {
  'end-to-end': { about: 'push in → code out, durable; beside a plain Koa; ends with an audit', run: endToEnd },
  ingress: { about: 'the door alone, beside a plain Koa doing the same parse and signature', run: ingress },
  issuer: { about: 'deciding claims that wait in Kafka, beside the same SQL by hand', run: issuer },
  orders: { about: 'claimed, ordered, paid, redeemed; beside the platform alone; ends with an audit', run: orders },
  discount: { about: 'pricing baskets with coupons, beside a plain loop', run: () => discount() },
  replay: {
    about: 'a million recorded pushes decided again, beside reading them, a bare consumer and the rows by hand',
    run: (servers) => replay(servers),
  },
  audit: { about: 'proving a day from its topics, beside a bare kafkajs consumer', run: (servers) => audit(servers) },
  'claim-log': { about: 'logging events, beside a raw insert', run: () => claimLog() },
};

const usage = `npm run bench -- [--mode plaintext|safe] [--json] [name…]

${Object.entries(benches)
  .map(([name, { about }]) => `  ${name.padEnd(12)}${about}`)
  .join('\n')}

Without names: all of them. Servers are those of KAFKA_BROKERS, POSTGRES_URL and REDIS_URL; those not given are started for the run.
Figures depend on the machine and on what else it does: read the ratios, which are taken in one run.`;

type Request = { names: string[]; mode: Mode; json: boolean };

function parse(args: string[]): Request | undefined {
  const words = [...args];
  const take = (flag: string) => (words.includes(flag) ? words.splice(words.indexOf(flag), 1).length > 0 : false);
  const json = take('--json');
  const at = words.indexOf('--mode');
  const mode = at === -1 ? 'plaintext' : words.splice(at, 2)[1];
  const names = words.length === 0 ? Object.keys(benches) : words;
  if (names.some((name) => !(name in benches)) || (mode !== 'plaintext' && mode !== 'safe')) return undefined;
  return { names, mode, json };
}

async function main({ names, mode, json }: Request): Promise<void> {
  // With --json standard output holds the figures alone; what the benches show goes where progress goes.
  if (json) console.log = console.error;
  await using opened = new AsyncDisposableStack();
  const layout = temporaryLayout(opened);
  const servers = await openServers(opened, layout, (line) => console.error(`… ${line}`));
  process.once('SIGINT', () => void interrupt(servers, opened));
  Object.assign(process.env, servers.addresses);
  const figures: Record<string, unknown> = {};
  for (const name of names) figures[name] = await benches[name]!.run(servers, mode);
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** Ctrl-C: the processes of a run are in groups of their own and would live on. */
async function interrupt(servers: Servers, opened: AsyncDisposableStack): Promise<void> {
  console.error('■ interrupted, stopping');
  await servers.endAll();
  await opened.disposeAsync();
  process.exit(130);
}

const request = parse(process.argv.slice(2));
if (request === undefined || process.argv.includes('--help')) {
  console.error(usage);
  process.exit(2);
}
try {
  await main(request);
} catch (error) {
  console.error(`✗ ${messageOf(error)}`);
  process.exitCode = 1;
}
