import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { readMerchant } from '@lingquan/merchant';
import type { Merchant } from '@lingquan/merchant';
import { z } from 'zod';

const address = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'must be an http:// or https:// address')
  .transform((text) => text.replace(/\/+$/, ''));

const schema = z
  .object({
    PAYMENT_PORT: settings.port(8082),
    HOST: settings.host,
    KAFKA_BROKERS: settings.kafkaBrokers,
    POSTGRES_URL: settings.postgresUrl,
    TOPIC_PREFIX: settings.topicPrefix,
    LOG_LEVEL: settings.logLevel,
    WECHAT_PAY_URL: address.default('https://api.mch.weixin.qq.com'),
    WECHAT_PAY_V2_TLS_URL: address.optional(),
    WECHAT_PAY_NOTIFY_URL: address.optional(),
    INGRESS_PORT: settings.port(8080),
    PAYMENT_REFUND_GAP_SECONDS: z.coerce.number().min(0).max(3600).default(60),
  })
  .transform((env) => ({
    port: env.PAYMENT_PORT,
    host: env.HOST,
    kafkaBrokers: env.KAFKA_BROKERS,
    postgresUrl: env.POSTGRES_URL,
    topicPrefix: env.TOPIC_PREFIX,
    logLevel: env.LOG_LEVEL,
    wechatPayUrl: env.WECHAT_PAY_URL,
    v2TlsUrl: env.WECHAT_PAY_V2_TLS_URL ?? env.WECHAT_PAY_URL,
    /** Refunds of one order are this far apart (reference D.6 asks for a minute). */
    refundGapMs: env.PAYMENT_REFUND_GAP_SECONDS * 1000,
    notifyUrl: env.WECHAT_PAY_NOTIFY_URL ?? `http://127.0.0.1:${env.INGRESS_PORT}`,
  }));

/** Everything payment can be told. The merchant's secrets are not enumerable. */
export type Config = Readonly<z.output<typeof schema> & { merchant: Merchant }>;

/** Throws `invalid`, naming every variable or file that is missing or wrong, never what it holds. */
export function config(env: Env): Config {
  const read = readConfig(schema, env);
  const merchant = readMerchant(env);
  if (merchant === undefined)
    throw new AppError(
      'invalid',
      'WECHAT_PAY_DIR is not set: it names the folder with the merchant files (merchant.json, apiclient_key.pem, apiclient_cert.pem, apiv3_key.txt …). npm start makes one for the simulator',
    );
  return Object.freeze({ ...read, merchant });
}
