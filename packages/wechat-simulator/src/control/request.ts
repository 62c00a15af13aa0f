import type { Context } from 'koa';
import { AppError } from '@lingquan/errors';
import type { z } from 'zod';
import { readBody } from '../api/body.ts';
import type { Follower } from '../state/followers.ts';
import type { AccountState, World } from '../state/world.ts';

/** The JSON body of a control call, checked. Throws `invalid` naming the wrong members. */
export async function readControl<S extends z.ZodType>(ctx: Context, schema: S): Promise<z.output<S>> {
  const text = (await readBody(ctx)).toString('utf8');
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid', 'The body is not JSON', { cause });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new AppError('invalid', wrong.join('; '));
}

/** The account named, or the default one. Throws `not_found`. */
export function accountOf(world: World, appid: string | undefined): AccountState {
  const state = appid === undefined || appid === '' ? [...world.accounts.values()][0] : world.accounts.get(appid);
  if (state === undefined) throw new AppError('not_found', 'The simulator has no account with this appid');
  return state;
}

/** The follower named, in whichever account; the default account's first one when nobody is named. Throws `not_found`. */
export function followerOf(state: AccountState, openid: string | undefined): Follower {
  const follower = openid === undefined ? state.followers.list()[0] : state.followers.get(openid);
  if (follower === undefined) throw new AppError('not_found', 'The account has no follower with this openid');
  return follower;
}
