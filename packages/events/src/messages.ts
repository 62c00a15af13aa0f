// Every message, enum and schema descriptor of `proto/`, for code that builds, compares or describes messages itself.
export * from './gen/lingquan/coupon/v1/answers_pb.ts';
export * from './gen/lingquan/coupon/v1/basket_pb.ts';
export * from './gen/lingquan/coupon/v1/campaign_pb.ts';
export * from './gen/lingquan/coupon/v1/commands_pb.ts';
export * from './gen/lingquan/coupon/v1/events_pb.ts';
export * from './gen/lingquan/coupon/v1/journal_pb.ts';
export * from './gen/lingquan/ingress/v1/replies_pb.ts';
export * from './gen/lingquan/notifier/v1/commands_pb.ts';
export * from './gen/lingquan/notifier/v1/events_pb.ts';
export * from './gen/lingquan/payment/v1/answers_pb.ts';
export * from './gen/lingquan/payment/v1/commands_pb.ts';
export * from './gen/lingquan/payment/v1/events_pb.ts';
export * from './gen/lingquan/payment/v1/notifications_pb.ts';
export * from './gen/lingquan/wechat/v1/inbound_pb.ts';
