/** A partition and an offset as one number: 13 bits and 40 bits. */
export type Place = number;

const offsets = 2 ** 40;

export const placeOf = ({ partition, offset }: { partition: number; offset: number }): Place =>
  partition * offsets + offset;

export const partitionOf = (place: Place): number => Math.floor(place / offsets);
export const offsetOf = (place: Place): number => place % offsets;

/** `coupon.events[2]@17` */
export const placeText = (topic: string, place: Place): string => `${topic}[${partitionOf(place)}]@${offsetOf(place)}`;
