import { z } from 'zod';

const percent = z.number().min(0).max(100);
const milliseconds = z.number().int().min(0).max(86_400_000);

/** What can be set while it runs; the README says what each does. */
export const settingsShape = z.strictObject({
  noticeFactor: z.number().min(0).max(10),
  noticeIntervalMs: milliseconds.nullable(),
  noticeDelayMs: milliseconds,
  refundDelayMs: milliseconds.nullable(),
  refundOutcome: z.enum(['success', 'abnormal', 'closed']),
  publicKeyPercent: percent.nullable(),
  probePercent: percent,
  balanceFen: z.number().int().nullable(),
});

export type PaySettings = z.output<typeof settingsShape>;

export const defaultSettings: PaySettings = {
  noticeFactor: 1,
  noticeIntervalMs: null,
  noticeDelayMs: 0,
  refundDelayMs: 1000,
  refundOutcome: 'success',
  publicKeyPercent: null,
  probePercent: 0,
  balanceFen: null,
};
