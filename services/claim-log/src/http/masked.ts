import { AppError } from '@lingquan/errors';
import type { Role } from '../domain/mask.ts';
import type { EventFilter } from '../store/pages.ts';

/** A masked reader who could ask for an openid would learn what stands for it. Throws `unauthorized`. */
export function refuseFollowerFilter(role: Role, { openid }: EventFilter): void {
  if (role === 'masked' && openid !== undefined)
    throw new AppError('unauthorized', 'openid: only readers with the role personal may ask for a follower');
}
