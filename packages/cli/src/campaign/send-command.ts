import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { toHeaders, topics } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import type { Kafka } from '@lingquan/kafka';
import { connectKafka } from '@lingquan/kafka';
import type { System } from '../system.ts';
import { quietLog } from '../system.ts';
import { issuerClient } from './issuer.ts';

type Command = NonNullable<MessageInitShape<typeof CouponCommandSchema>['command']>;

/** ce_type by the command's name in the schema. */
const types: Record<NonNullable<Command['case']>, string> = {
  createCampaign: 'campaign.create',
  pauseCampaign: 'campaign.pause',
  resumeCampaign: 'campaign.resume',
  changeStock: 'campaign.change_stock',
};

const CONNECT_MS = 5000;

/**
 * Puts a campaign's command on record and waits for what becomes of it. Resolves when it is done.
 * Rejects with `conflict` and the reason in words when coupon-issuer refuses it, with `unavailable` when nobody answers.
 */
export async function sendCommand(system: System, campaignId: string, command: Command): Promise<void> {
  const commandId = randomUUID();
  const kafka = connectKafka({
    brokers: system.kafkaBrokers,
    clientId: 'lingquan',
    log: quietLog(),
    topicPrefix: system.topicPrefix,
  });
  try {
    await publish(kafka, system, { commandId, campaignId, command });
  } finally {
    await kafka.close();
  }
  const { outcome, reason, message } = await issuerClient(system.couponIssuerUrl).outcome(commandId);
  if (outcome === 'refused') throw new AppError('conflict', refusalText(reason, message));
}

type Sent = { commandId: string; campaignId: string; command: Command };

async function publish(kafka: Kafka, system: System, { commandId, campaignId, command }: Sent): Promise<void> {
  const type = types[command.case as keyof typeof types];
  const value = toBinary(CouponCommandSchema, create(CouponCommandSchema, { command }));
  const headers = toHeaders({ id: commandId, source: 'lingquan', type, timeMs: Date.now() });
  const producer = kafka.producer();
  try {
    await whenConnected(producer.ready, system.kafkaBrokers);
    await producer.publish([
      { topic: topics.couponCommands.name, key: campaignId, value: Buffer.from(value), headers },
    ]);
  } finally {
    await producer.stop();
  }
}

async function whenConnected(ready: () => Promise<void>, brokers: string[]): Promise<void> {
  const until = Date.now() + CONNECT_MS;
  for (;;) {
    try {
      return await ready();
    } catch (cause) {
      if (Date.now() > until)
        throw new AppError('unavailable', `Kafka 没有回答 does not answer (${brokers.join(',')}): npm start`, {
          cause,
        });
      await delay(20);
    }
  }
}

const refusalText = (reason: string | null | undefined, message: string | null | undefined): string =>
  `被拒绝 refused: ${[reason, message].filter(Boolean).join(' · ') || '没有说明原因 no reason was given'}`;
