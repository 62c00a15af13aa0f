import { BinaryReader } from '@bufbuild/protobuf/wire';
import { Tell } from '@lingquan/events/coupon.ts';

/** `CouponEvent.tell` (see proto/lingquan/coupon/v1/events.proto). */
const TELL_FIELD = 15;

/**
 * How the follower learns of a coupon event, read without decoding the rest: nearly every event of a busy system is none of the
 * notifier's business. Throws when the bytes are no Protobuf message.
 */
export function tellOf(value: Uint8Array): Tell {
  const reader = new BinaryReader(value);
  let tell: Tell = Tell.UNSPECIFIED;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === TELL_FIELD) tell = reader.int32() as Tell;
    else reader.skip(wireType, field);
  }
  return tell;
}
