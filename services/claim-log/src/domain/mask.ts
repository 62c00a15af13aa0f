import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AppError } from '@lingquan/errors';
import { seal, unseal } from './seal.ts';

/** What a reader may see of followers: `personal` everything, `masked` nothing that leads back to a person. */
export type Role = 'masked' | 'personal';

/** What stands for a follower, and for an id that follows from him, where only masked data may go. */
export type Mask = {
  follower: (openid: string) => string;
  id: (id: string) => string;
  /** A cursor names an event by its id: masked readers carry it closed. `open` throws `invalid`. */
  close: (cursor: string) => string;
  open: (cursor: string) => string;
};

/**
 * Stands for followers the same way everywhere and always, so that teams can join by it, and cannot be guessed from a list of
 * openids without `key`. Ids of events are masked as well: they are plain hashes of what caused the event, for a menu click or a
 * scan of openid and second, so a list of openids would lead to them.
 */
export function maskWith(key: KeyObject): Mask {
  const cursorKey = createSecretKey(createHmac('sha256', key).update('cursor').digest());
  // With a key object: 4 us instead of 23.
  const digest = (kind: string, text: string) => createHmac('sha256', key).update(`${kind}:${text}`).digest('hex');
  return {
    follower: (openid) => `follower:${digest('follower', openid).slice(0, 16)}`,
    // Still a UUID (RFC 9562 version 8), so that a column for one fits.
    id: (id) => {
      const hex = digest('id', id);
      const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    close: (cursor) => seal(cursorKey, 'cursor', Buffer.from(cursor)).toString('base64url'),
    open: (cursor) => {
      try {
        return unseal([cursorKey], 'cursor', Buffer.from(cursor, 'base64url')).toString();
      } catch (cause) {
        throw new AppError('invalid', 'cursor: is not one this service gave out', { cause });
      }
    },
  };
}
