/** A partition and an offset as one number: 13 bits and 40 bits. */
export type Place = number;

const offsets = 2 ** 40;

export const placeOf = ({ partition, offset }: { partition: number; offset: number }): Place =>
  partition * offsets + offset;

/** `coupon.events[2]@17` */
export const placeText = (topic: string, place: Place): string =>
  `${topic}[${Math.floor(place / offsets)}]@${place % offsets}`;
