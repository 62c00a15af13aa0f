import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { topics } from '@lingquan/events';
import { PaymentCommandSchema } from '@lingquan/events/payment.ts';
import { publishCommand } from '../publish.ts';
import type { System } from '../system.ts';

type AnyCommand = NonNullable<MessageInitShape<typeof PaymentCommandSchema>['command']>;
type Command = Extract<AnyCommand, { case?: keyof typeof types }>;

/** ce_type by the command's name in the schema. */
const types = {
  requestRefund: 'payment.request_refund',
  resolveIncident: 'payment.resolve_incident',
} as const;

/** Puts a command for payment on record. The same `commandId` again is the same command. */
export async function sendPaymentCommand(
  system: System,
  outTradeNo: string,
  command: Command,
  commandId: string = randomUUID(),
): Promise<void> {
  const value = toBinary(PaymentCommandSchema, create(PaymentCommandSchema, { command }));
  const type = types[command.case];
  await publishCommand(system, { topic: topics.paymentCommands.name, key: outTradeNo, commandId, type, value });
}
