import { existsSync, readFileSync } from 'node:fs';
import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { layoutOf } from '@lingquan/local-stack/layout.ts';
import { createLog } from '@lingquan/log';
import type { Log } from '@lingquan/log';
import { z } from 'zod';

const address = z
  .string()
  .regex(/^https?:\/\//, 'must be an http:// address')
  .transform((url) => url.replace(/\/+$/, ''));

const schema = z.object({
  KAFKA_BROKERS: settings.kafkaBrokers,
  POSTGRES_URL: settings.postgresUrl,
  TOPIC_PREFIX: settings.topicPrefix,
  INGRESS_URL: address.optional(),
  COUPON_ISSUER_URL: address.optional(),
  PAYMENT_URL: address.optional(),
  CLAIM_LOG_URL: address.optional(),
  SIMULATOR_URL: address.optional(),
  INGRESS_PORT: settings.port(8080),
  COUPON_ISSUER_PORT: settings.port(8081),
  PAYMENT_PORT: settings.port(8082),
  CLAIM_LOG_PORT: settings.port(8084),
});

/** What local-stack writes about the system it started. */
const serversFile = z.object({
  kafkaBrokers: z.union([z.string(), z.array(z.string()).transform((brokers) => brokers.join(','))]),
  postgresUrl: z.string(),
  topicPrefix: z.string().default(''),
  services: z.record(z.string(), z.string()).default({}),
});

/** Where the system is that a command talks to. Addresses are without a slash at the end. */
export type System = {
  kafkaBrokers: string[];
  postgresUrl: string;
  topicPrefix: string;
  ingressUrl: string;
  couponIssuerUrl: string;
  /** Undefined in a system without payment. */
  paymentUrl?: string | undefined;
  claimLogUrl: string;
  /** Undefined unless there is a simulator where the platform would be. */
  simulatorUrl?: string | undefined;
};

/**
 * Finds the system: what the environment says, else what `LOCAL_DIR` (default .local) says of the one that runs on this machine.
 * Throws `unavailable` when neither knows of any, `invalid` when a variable is wrong.
 */
export function findSystem(env: Env): System {
  const { serversFile: file, dir } = layoutOf(env['LOCAL_DIR']);
  const running = existsSync(file) ? fromServersFile(file) : undefined;
  if (running === undefined && !env['KAFKA_BROKERS'] && !env['COUPON_ISSUER_URL'] && !env['INGRESS_URL'])
    throw new AppError(
      'unavailable',
      `没有找到正在运行的系统 no running system is known in ${dir}\n  启动 start it: npm start\n  或指明地址 or say where it is: KAFKA_BROKERS, POSTGRES_URL, INGRESS_URL, COUPON_ISSUER_URL, PAYMENT_URL, CLAIM_LOG_URL`,
    );
  const found = readConfig(schema, { ...running, ...withoutEmpty(env) });
  return {
    kafkaBrokers: found.KAFKA_BROKERS,
    postgresUrl: found.POSTGRES_URL,
    topicPrefix: found.TOPIC_PREFIX,
    ingressUrl: found.INGRESS_URL ?? onThisMachine(found.INGRESS_PORT),
    couponIssuerUrl: found.COUPON_ISSUER_URL ?? onThisMachine(found.COUPON_ISSUER_PORT),
    paymentUrl: found.PAYMENT_URL ?? (running === undefined ? onThisMachine(found.PAYMENT_PORT) : undefined),
    claimLogUrl: found.CLAIM_LOG_URL ?? onThisMachine(found.CLAIM_LOG_PORT),
    simulatorUrl: found.SIMULATOR_URL,
  };
}

const onThisMachine = (port: number): string => `http://127.0.0.1:${port}`;

/** Commands speak for themselves; what the adapters log would only stand between their lines. */
export const quietLog = (): Log => createLog({ service: 'lingquan', level: 'silent' });

const withoutEmpty = (env: Env): Env => Object.fromEntries(Object.entries(env).filter(([, value]) => value));

function fromServersFile(file: string): Env {
  const parsed = serversFile.safeParse(parseJson(file));
  if (!parsed.success)
    throw new AppError(
      'unavailable',
      `${file} 不完整，系统可能正在启动 is incomplete, the system may be starting: try again`,
    );
  const { kafkaBrokers, postgresUrl, topicPrefix, services } = parsed.data;
  return {
    KAFKA_BROKERS: kafkaBrokers,
    POSTGRES_URL: postgresUrl,
    TOPIC_PREFIX: topicPrefix,
    INGRESS_URL: services['ingress'],
    COUPON_ISSUER_URL: services['coupon-issuer'],
    PAYMENT_URL: services['payment'],
    CLAIM_LOG_URL: services['claim-log'],
    SIMULATOR_URL: services['simulator'],
  };
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // half written: the same as incomplete
  }
}
