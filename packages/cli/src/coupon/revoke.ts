import { randomUUID } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';
import { topics } from '@lingquan/events';
import { CouponCommandSchema } from '@lingquan/events/coupon.ts';
import { issuerClient } from '../campaign/issuer.ts';
import type { Coupon } from '../campaign/issuer.ts';
import { publishCommand } from '../publish.ts';
import type { System } from '../system.ts';

/** The coupon; rejects with `not_found` when no coupon has this code. */
export async function requireCoupon(system: System, code: string): Promise<Coupon> {
  const coupon = await issuerClient(system.couponIssuerUrl).coupon(code);
  if (coupon !== undefined) return coupon;
  throw new AppError('not_found', `没有这个券码 no coupon has the code ${code}`);
}

/**
 * Takes a coupon away for good, and waits until that is decided. Rejects with `conflict` and the reason when the issuer
 * refuses: an order holds it, or it was used.
 */
export async function revokeCoupon(system: System, asked: string, reason: string): Promise<Coupon> {
  const { code, openid } = await requireCoupon(system, asked);
  const commandId = randomUUID();
  const command = { case: 'revokeCoupon', value: { code, reason } } as const;
  const value = toBinary(CouponCommandSchema, create(CouponCommandSchema, { command }));
  const topic = topics.couponCommands.name;
  await publishCommand(system, { topic, key: openid, commandId, type: 'coupon.revoke', value });
  const { outcome, reason: why } = await issuerClient(system.couponIssuerUrl).outcome(commandId);
  if (outcome === 'refused') throw new AppError('conflict', `被拒绝 refused: ${why ?? ''}`);
  return requireCoupon(system, code);
}
