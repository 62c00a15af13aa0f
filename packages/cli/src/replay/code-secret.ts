import { existsSync, readFileSync } from 'node:fs';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { layoutOf } from '@lingquan/local-stack/layout.ts';
import { z } from 'zod';

const secretsFile = z.object({ COUPON_CODE_SECRET: z.string().optional() });

/** What codes follow from: the environment's, else that of the system on this machine. Throws `invalid` when there is none. */
export function codeSecret(env: Env): string {
  const { secretsFile: file } = layoutOf(env['LOCAL_DIR']);
  const kept = existsSync(file)
    ? secretsFile.parse(JSON.parse(readFileSync(file, 'utf8'))).COUPON_CODE_SECRET
    : undefined;
  const secret = env['COUPON_CODE_SECRET'] || kept;
  if (secret) return secret;
  throw new AppError(
    'invalid',
    '缺少 COUPON_CODE_SECRET：要与被录制的系统相同，券码才相同 · COUPON_CODE_SECRET is not set: it must be that of the system that was recorded, for the same codes',
  );
}
