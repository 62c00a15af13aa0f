import { webhookCreate } from '../commands/webhook-create.ts';
import { webhookDelete } from '../commands/webhook-delete.ts';
import { webhookDeliveries } from '../commands/webhook-deliveries.ts';
import { webhookList } from '../commands/webhook-list.ts';
import { webhookPause, webhookResume } from '../commands/webhook-pause.ts';
import { webhookPing } from '../commands/webhook-ping.ts';
import { webhookResend } from '../commands/webhook-resend.ts';
import { webhookRotate } from '../commands/webhook-rotate.ts';
import { webhookShow } from '../commands/webhook-show.ts';

/** All of `lingquan webhook`. */
export const webhookCommands = [
  webhookCreate,
  webhookList,
  webhookShow,
  webhookPause,
  webhookResume,
  webhookDelete,
  webhookRotate,
  webhookPing,
  webhookDeliveries,
  webhookResend,
];
