import { existsSync, readFileSync } from 'node:fs';
import type { Env } from '@lingquan/config';
import { AppError } from '@lingquan/errors';
import { layoutOf } from '@lingquan/local-stack/layout.ts';
import { z } from 'zod';
import { postJson } from './json.ts';
import type { System } from './system.ts';

const secretsFile = z.object({ TILL_TOKEN: z.string().optional() });

/** What a till shows: the environment's, else the one generated for trying the system out. Throws `invalid` when there is none. */
export function tillToken(env: Env): string {
  const { secretsFile: file } = layoutOf(env['LOCAL_DIR']);
  const generated = existsSync(file) ? secretsFile.parse(JSON.parse(readFileSync(file, 'utf8'))).TILL_TOKEN : undefined;
  const token = env['TILL_TOKEN'] || generated;
  if (token) return token;
  throw new AppError('invalid', '缺少 TILL_TOKEN（环境变量）· TILL_TOKEN is not set');
}

const answer = z.discriminatedUnion('outcome', [
  z.looseObject({
    outcome: z.literal('redeemed'),
    code: z.string(),
    campaignName: z.string(),
    kind: z.string(),
    worthFen: z.number(),
    at: z.string().nullable(),
    message: z.string().optional(),
  }),
  z.looseObject({ outcome: z.literal('refused'), code: z.string(), reason: z.string(), message: z.string() }),
]);
export type Redemption = z.output<typeof answer>;

/** What ingress answers until the outcome is in: the same key asked again gets it. */
const pending = z.object({ outcome: z.undefined().optional(), state: z.literal('pending') });

export type RedemptionWanted = {
  code: string;
  shop: string;
  cashier: string;
  idempotencyKey: string;
  amountFen?: number | undefined;
};

/** Redeems at a till, through ingress. Rejects with `unavailable` when the outcome is not in after a while: ask again with the same key. */
export async function redeem(system: System, token: string, wanted: RedemptionWanted): Promise<Redemption> {
  const { code, amountFen, ...till } = wanted;
  const body = { ...(/^lingquan:/i.test(code) ? { qr: code } : { code }), ...till, ...(amountFen && { amountFen }) };
  const headers = { authorization: `Bearer ${token}` };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const got = await postJson('ingress', `${system.ingressUrl}/redemptions`, z.union([answer, pending]), {
      body,
      headers,
    });
    if (got.outcome !== undefined) return got;
  }
  throw new AppError(
    'unavailable',
    `结果还没有到；用同一个 --key ${wanted.idempotencyKey} 再问 · the outcome is not in yet; ask again with the same --key`,
  );
}
