import { z } from 'zod';

const event = z.object({
  type: z.string(),
  time: z.string(),
  openid: z.string().nullable(),
  campaignId: z.string().nullable(),
  code: z.string().nullable(),
  outTradeNo: z.string().nullable(),
  reason: z.string().optional(),
});

/** An event of the stream as one line for a person. */
export function eventLine(json: string): string {
  const { time, type, openid, campaignId, code, outTradeNo, reason } = event.parse(JSON.parse(json));
  const rest = [campaignId, openid, code, outTradeNo, reason].filter((part) => part !== null && part !== undefined);
  return `${time}  ${type.padEnd(22)}  ${rest.join('  ')}`;
}
