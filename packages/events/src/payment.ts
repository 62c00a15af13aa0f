export {
  OrderAnswerSchema,
  OrderRefusalReason,
  RefundAnswerSchema,
  RefundRefusalReason,
} from './gen/lingquan/payment/v1/answers_pb.ts';
export type { OrderAnswer, RefundAnswer } from './gen/lingquan/payment/v1/answers_pb.ts';
export { PaymentCommandSchema } from './gen/lingquan/payment/v1/commands_pb.ts';
export type { PaymentCommand } from './gen/lingquan/payment/v1/commands_pb.ts';
export { CloseCause, PaymentEventSchema } from './gen/lingquan/payment/v1/events_pb.ts';
export type { PaymentEvent } from './gen/lingquan/payment/v1/events_pb.ts';
export { PayApi, PaymentNotificationSchema } from './gen/lingquan/payment/v1/notifications_pb.ts';
export type {
  PaymentNotification,
  RefundNotice,
  TransactionNotice,
} from './gen/lingquan/payment/v1/notifications_pb.ts';
