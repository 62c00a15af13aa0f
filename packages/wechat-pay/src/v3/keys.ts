import type { KeyObject } from 'node:crypto';

/** Public keys by the serial or id under which the other side signs. */
export type KeyRing = { readonly get: (serial: string) => KeyObject | undefined };

/**
 * A serial as it is compared: hexadecimal in upper case without leading zeros, since some libraries drop them; ids of public
 * keys stay as they are.
 */
export function sameSerialForm(serial: string): string {
  return isPublicKeyId(serial) ? serial : serial.toUpperCase().replace(/^0+(?=.)/, '');
}

/** Whether it names a WeChat Pay public key rather than a certificate (reference B.4). */
export const isPublicKeyId = (serial: string): boolean => serial.startsWith('PUB_KEY_ID_');

/** A ring of keys, by serials in any form. */
export function keyRing(keys: Iterable<readonly [serial: string, key: KeyObject]>): KeyRing {
  const bySerial = new Map([...keys].map(([serial, key]) => [sameSerialForm(serial), key]));
  return { get: (serial) => bySerial.get(sameSerialForm(serial)) };
}
