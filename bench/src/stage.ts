import { join } from 'node:path';
import { checkout } from '@lingquan/local-stack/layout.ts';
import { services, simulator } from '@lingquan/local-stack/service-table.ts';
import { choosePort } from '@lingquan/local-stack/servers/ports.ts';
import { sendCommand } from '@lingquan/cli';
import type { System } from '@lingquan/cli';
import { newCampaignId } from '@lingquan/cli/campaign/ids.ts';
import { termsOf } from '@lingquan/cli/campaign/terms.ts';
import { isolate } from '@lingquan/test-kit';
import type { Isolated } from '@lingquan/test-kit';
import { keptMerchant } from '@lingquan/wechat-simulator/merchant.ts';
import { accountEnv, benchAccount } from './account.ts';
import type { Mode } from './account.ts';
import { runProcess } from './process.ts';
import type { Process } from './process.ts';
import type { Servers } from './servers.ts';

/** A system of its own on the bench's servers: its prefix sets it apart, and it is removed afterwards. */
export type Stage = {
  isolated: Isolated;
  system: System;
  account: ReturnType<typeof benchAccount>;
  /** The files of the merchant that the simulator knows. */
  merchantDir: string;
  /** Starts a service; it ends with the stage if not before. */
  run: (name: string) => Promise<Process>;
  /** Starts the raw counterpart of ingress. */
  runPlainKoa: () => Promise<Process>;
  createCampaign: (keyword: string) => Promise<void>;
};

const programs = [...services, simulator];

export async function openStage(
  opened: AsyncDisposableStack,
  servers: Servers,
  { name, mode }: { name: string; mode: Mode },
): Promise<Stage> {
  const isolated = isolate(`bench-${name}`);
  opened.defer(() => isolated.remove());
  const taken = new Set<number>();
  const seed = servers.layout.id;
  const ports = new Map<string, number>();
  for (const program of programs) ports.set(program.name, await choosePort({ seed, taken }));
  const tlsPort = await choosePort({ seed, taken });
  const { merchantDir, platformDir } = await keptMerchant(join(servers.layout.dir, name), {
    appid: benchAccount(mode).appid,
  });
  const urlOf = (service: string) => `http://127.0.0.1:${ports.get(service)}`;
  const env = {
    ...isolated.env,
    ...accountEnv(mode),
    ...Object.fromEntries(
      programs.map(({ name: service, portVariable }) => [portVariable, String(ports.get(service))]),
    ),
    WECHAT_API_URL: urlOf('simulator'),
    COUPON_ISSUER_URL: urlOf('coupon-issuer'),
    CLAIM_LOG_URL: urlOf('claim-log'),
    INGRESS_URL: urlOf('ingress'),
    PAYMENT_URL: urlOf('payment'),
    SIMULATOR_PUSH_URL: `${urlOf('ingress')}/wx`,
    SIMULATOR_TLS_PORT: String(tlsPort),
    WECHAT_PAY_DIR: merchantDir,
    WECHAT_PAY_PLATFORM_DIR: platformDir,
    WECHAT_PAY_URL: urlOf('simulator'),
    WECHAT_PAY_V2_TLS_URL: `https://127.0.0.1:${tlsPort}`,
    WECHAT_PAY_NOTIFY_URL: urlOf('ingress'),
    GOODS_FILE: join(checkout, 'deploy/goods.example.json'),
  };
  const system: System = {
    kafkaBrokers: isolated.env.KAFKA_BROKERS.split(','),
    postgresUrl: isolated.env.POSTGRES_URL,
    topicPrefix: isolated.prefix,
    ingressUrl: urlOf('ingress'),
    couponIssuerUrl: urlOf('coupon-issuer'),
    claimLogUrl: urlOf('claim-log'),
    paymentUrl: urlOf('payment'),
    simulatorUrl: urlOf('simulator'),
  };
  const run = async (entry: string, service: string, url: string, more: Record<string, string> = {}) => {
    const running = await runProcess(servers, { name: service, entry, url, env: { ...env, ...more } });
    opened.defer(() => running.stop());
    return running;
  };
  return {
    isolated,
    system,
    account: benchAccount(mode),
    merchantDir,
    run: (service) => run(programs.find((one) => one.name === service)!.entry, service, urlOf(service)),
    runPlainKoa: async () => {
      const port = await choosePort({ seed, taken });
      return run('bench/src/plain-koa.ts', 'plain-koa', `http://127.0.0.1:${port}`, { PORT: String(port) });
    },
    createCampaign: (keyword) => createCampaign(system, benchAccount(mode).appid, keyword),
  };
}

/** A campaign nobody can exhaust in a bench. */
async function createCampaign(system: System, appid: string, keyword: string): Promise<void> {
  const campaignId = newCampaignId();
  const terms = termsOf({
    appid,
    keyword,
    match: 'exact',
    name: '满30减5元券',
    kind: 'amount',
    valueFen: 500,
    stock: 100_000_000,
    limit: 1,
  });
  await sendCommand(system, campaignId, { case: 'createCampaign', value: { campaignId, terms } });
}
