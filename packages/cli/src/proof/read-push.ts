import { headOf } from './head.ts';
import {
  ClickEventSchema,
  InboundPushSchema,
  ScanEventSchema,
  SubscribeEventSchema,
  TextMessageSchema,
} from '@lingquan/events/gen/lingquan/wechat/v1/inbound_pb.ts';
import { placeOf } from '../audit/place.ts';
import type { Place } from '../audit/place.ts';
import type { ProofRecord } from './source.ts';
import { Wire } from './wire.ts';

/** What a push may ask for a coupon with: a text, or the key of a menu tap, a scan or a follow. */
export type Trigger = { kind: 'text' | 'key'; value: string };

/** A push as the proof needs it; `trigger` undefined when its kind never asks for a coupon. */
export type Push = {
  id: string;
  appid: string;
  openid: string;
  timeMs: number;
  partition: number;
  offset: number;
  place: Place;
  trigger: Trigger | undefined;
};

const appidAt = InboundPushSchema.field.appid.number;
const openidAt = InboundPushSchema.field.openid.number;
const numberOf = (localName: string): number =>
  InboundPushSchema.fields.find((field) => field.localName === localName)!.number;

/** By the number of the content's field: where in it the trigger stands. */
const triggers = new Map<number, { kind: Trigger['kind']; field: number }>([
  [numberOf('text'), { kind: 'text', field: TextMessageSchema.field.content.number }],
  [numberOf('click'), { kind: 'key', field: ClickEventSchema.field.eventKey.number }],
  [numberOf('scan'), { kind: 'key', field: ScanEventSchema.field.eventKey.number }],
  [numberOf('subscribe'), { kind: 'key', field: SubscribeEventSchema.field.scene.number }],
]);

/** Reads a record of wechat.inbound, field by field. Throws on what is no push. */
export function pushOf(record: ProofRecord): Push {
  const { id, timeMs } = headOf(record.headers);
  const wire = new Wire(record.value ?? Buffer.alloc(0));
  let appid = '';
  let openid = '';
  let trigger: Trigger | undefined;
  while (wire.next()) {
    if (wire.field === appidAt) appid = wire.text();
    else if (wire.field === openidAt) openid = wire.text();
    else {
      const where = triggers.get(wire.field);
      if (where === undefined) wire.skip();
      else trigger = triggerIn(wire.message(), where);
    }
  }
  const { partition, offset } = record;
  return { id, appid, openid, timeMs, partition, offset, place: placeOf(record), trigger };
}

function triggerIn(wire: Wire, { kind, field }: { kind: Trigger['kind']; field: number }): Trigger {
  let value = '';
  while (wire.next()) {
    if (wire.field === field) value = wire.text();
    else wire.skip();
  }
  return { kind, value: kind === 'text' ? value.trim() : value };
}
