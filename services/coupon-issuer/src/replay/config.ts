import { readConfig, settings } from '@lingquan/config';
import type { Env } from '@lingquan/config';
import { z } from 'zod';

/** Another definition of a campaign, for asking what would have been. Times are ISO 8601; null takes a bound away. */
const otherTerms = z.object({
  stock: z.number().int().min(0).optional(),
  limitPerUser: z.number().int().min(1).optional(),
  opensAtMs: z.number().int().nullable().optional(),
  closesAtMs: z.number().int().nullable().optional(),
});

const json = <S extends z.ZodType>(schema: S) =>
  z.preprocess((text) => (typeof text === 'string' ? (JSON.parse(text) as unknown) : text), schema);

const schema = z
  .object({
    POSTGRES_URL: settings.postgresUrl,
    LOG_LEVEL: settings.logLevel,
    COUPON_CODE_SECRET: z
      .string()
      .regex(/^[0-9a-f]{64,}$/i, 'must be at least 64 hex digits: that of the system that was recorded'),
    /** The recording to decide again. */
    REPLAY_FILE: z.string(),
    /** Where the outcome is written, as a recording. */
    REPLAY_OUTCOME: z.string(),
    /** A database of its own for the state; made when it is not there. */
    REPLAY_DATABASE: z.string().regex(/^[a-z0-9_]{1,63}$/, 'must be 1 to 63 of a-z 0-9 _'),
    /** Records a transaction pays for, about. */
    REPLAY_ROUND: z.coerce.number().int().min(1).default(4096),
    /** Decides also what does not begin at the beginning: what was before is unknown to it. */
    REPLAY_FROM_MIDDLE: z.stringbool().default(false),
    /** Campaigns to define otherwise, by id. */
    REPLAY_CAMPAIGNS: json(z.record(z.string(), otherTerms)).default({}),
  })
  .transform((env) => ({
    postgresUrl: env.POSTGRES_URL,
    logLevel: env.LOG_LEVEL,
    codeSecret: Buffer.from(env.COUPON_CODE_SECRET, 'hex'),
    file: env.REPLAY_FILE,
    outcomeFile: env.REPLAY_OUTCOME,
    database: env.REPLAY_DATABASE,
    roundRecords: env.REPLAY_ROUND,
    fromMiddle: env.REPLAY_FROM_MIDDLE,
    otherCampaigns: new Map(Object.entries(env.REPLAY_CAMPAIGNS)),
  }));

export type OtherTerms = z.output<typeof otherTerms>;
export type ReplayConfig = Readonly<z.output<typeof schema>>;

export const replayConfig = (env: Env): ReplayConfig => readConfig(schema, env);
