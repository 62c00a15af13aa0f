import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Account } from '@lingquan/accounts';
import { decode, envelopeOf, outcomeId, replyAddressOf, toHeaders, topics } from '@lingquan/events';
import type { Envelope, ReplyAddress } from '@lingquan/events';
import { CouponKind } from '@lingquan/events/coupon.ts';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';
import { NotifierCommandSchema } from '@lingquan/events/gen/lingquan/notifier/v1/commands_pb.ts';
import { InboundPushSchema } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { InboundPush } from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import type { IncomingRecord } from '@lingquan/kafka';
import { isolate } from '@lingquan/test-kit';
import type { Isolated } from '@lingquan/test-kit';
import { config } from '../src/config.ts';
import type { Config } from '../src/config.ts';
import { start } from '../src/main.ts';
import type { Given } from '../src/main.ts';

/** One push as it stood on wechat.inbound. */
export type Taken = {
  push: InboundPush;
  envelope: Envelope;
  replyTo: ReplyAddress | undefined;
  key: string;
};

type Outcome = NonNullable<MessageInitShape<typeof ReplySchema>['outcome']>;

/** What the stand-in for the issuer says to a push; undefined: nothing, ever. */
export type Decide = (taken: Taken) => Outcome | undefined;

export type System = Isolated & {
  /** Everything on wechat.inbound so far, and on notifier.commands. */
  taken: Taken[];
  told: { causeId: string; openid: string; id: string }[];
  /** What the issuer does from now on. */
  decide: Decide;
  /** Sends an outcome later than `decide` would. */
  answer: (taken: Taken, outcome: Outcome) => Promise<void>;
};

export const claimed = (code: string): Outcome => ({
  case: 'claimed',
  value: { code, campaignName: '秋日礼遇', value: { kind: CouponKind.AMOUNT, valueFen: 500n } },
});

export const noRule: Outcome = { case: 'noRule', value: {} };

/** A system of its own with a stand-in for the issuer, which gives every follower a code of his own. */
export async function openSystem(name: string): Promise<System> {
  const isolated = isolate(name);
  const { kafka } = isolated;
  const system: System = {
    ...isolated,
    taken: [],
    told: [],
    decide: ({ push }) => claimed(`code-of-${push.openid}`),
    answer: (taken, outcome) => producer.publish([replyOf(taken, outcome)]),
    remove: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await producer.stop();
      await isolated.remove();
    },
  };
  await kafka.ensureTopics([topics.wechatInbound, topics.notifierCommands, topics.ingressReplies]);
  const producer = kafka.producer();
  const fatal = (error: Error) => {
    throw error;
  };
  const read = (topic: string, onRecord: (record: IncomingRecord) => Promise<void>) =>
    kafka.consume({
      group: `test-${topic}`,
      topics: [topic],
      onRound: async (batches) => {
        await Promise.all(batches.flatMap(({ records }) => records.map(onRecord)));
      },
      onPoison: async (_, error) => fatal(error as Error),
      onFatal: fatal,
    });
  const consumers = await Promise.all([
    read(topics.wechatInbound.name, async (record) => {
      const taken = takenOf(record);
      system.taken.push(taken);
      const outcome = taken.replyTo && system.decide(taken);
      if (outcome !== undefined) await system.answer(taken, outcome);
    }),
    read(topics.notifierCommands.name, async ({ headers, value }) => {
      const { command } = decode(NotifierCommandSchema, value);
      if (command.case === 'tellOutcome') system.told.push({ ...command.value, id: envelopeOf(headers).id });
    }),
  ]);
  return system;
}

const takenOf = ({ headers, value, key }: IncomingRecord): Taken => ({
  push: decode(InboundPushSchema, value),
  envelope: envelopeOf(headers),
  replyTo: replyAddressOf(headers),
  key: String(key),
});

const replyOf = ({ envelope, replyTo }: Taken, outcome: Outcome) => ({
  topic: topics.ingressReplies.name,
  partition: replyTo!.partition,
  key: replyTo!.instance,
  value: Buffer.from(toBinary(ReplySchema, create(ReplySchema, { causeId: envelope.id, outcome }))),
  headers: toHeaders({ ...envelope, id: outcomeId(envelope.id, 'ingress.reply'), type: 'ingress.reply' }, replyTo),
});

export const account = (changes: Partial<Account> = {}): Account => ({
  appid: 'wx0123456789abcdef',
  originalId: '',
  name: '',
  kind: 'official-account',
  secret: 'unused',
  token: 'token2026',
  encodingAESKey: 'a1'.repeat(21) + 'A',
  mode: 'safe',
  format: 'xml',
  isDefault: true,
  ...changes,
});

export type IngressOptions = Given & {
  accounts?: Account[];
  noticeKeys?: Config['noticeKeys'];
  env?: Record<string, string>;
};

/** An ingress of this system on a free port. */
export function startIngress(
  system: Isolated,
  { accounts = [account()], noticeKeys, env = {}, ...given }: IngressOptions = {},
) {
  const placeholder = { WECHAT_APP_ID: 'wx0', WECHAT_APP_SECRET: 's', WECHAT_TOKEN: 'token' };
  const settings = config({ ...system.env, ...placeholder, INGRESS_PORT: '0', ...env });
  return start(
    { ...settings, accounts, noticeKeys },
    { log: system.log, onFatal: (error) => system.log.fatal({ err: error }) },
    given,
  );
}
