import { fromBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { AppError } from '@lingquan/errors';

/** Reads a record's value. Throws `invalid` on an empty value or bytes that are not this message. */
export function decode<D extends DescMessage>(schema: D, value: Uint8Array | null): MessageShape<D> {
  if (value === null) throw new AppError('invalid', `an empty value is no ${schema.typeName}`);
  try {
    return fromBinary(schema, value);
  } catch (cause) {
    throw new AppError('invalid', `these bytes are no ${schema.typeName}`, { cause });
  }
}
