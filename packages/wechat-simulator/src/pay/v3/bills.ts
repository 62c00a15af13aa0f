import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fundAccounts, tradeBillTypes } from '../rules/bill.ts';
import { refuse } from '../rules/refusal.ts';
import { startOfDay } from '../rules/times.ts';
import type { Bill } from '../desk.ts';
import { type V3Answer, type V3Api, type V3Call, json } from './definition.ts';
import { checked } from './schema.ts';

const common = {
  bill_date: z.string().refine((day) => startOfDay(day) !== undefined, '格式为yyyy-MM-dd'),
  tar_type: z.literal('GZIP').optional(),
};
const tradeShape = z.object({ ...common, bill_type: z.enum(tradeBillTypes).default('ALL') });
const flowShape = z.object({ ...common, account_type: z.enum(fundAccounts).default('BASIC') });

/** Where the file is, on the host the caller asked: client libraries sign by host (client libraries 1.3). */
function laidOut({ pay, origin, now }: V3Call, { text, file }: Bill, gzip: boolean): V3Answer {
  const token = pay.bills.put(file, now);
  return json({
    hash_type: 'SHA1',
    hash_value: createHash('sha1').update(text).digest('hex'),
    download_url: `${origin}/v3/billdownload/file?token=${token}${gzip ? '&tartype=gzip' : ''}`,
  });
}

/** Bills and their files (reference B.12). */
export const billApis: readonly V3Api[] = [
  {
    method: 'GET',
    path: '/v3/bill/tradebill',
    handle: (call) => {
      const asked = checked(tradeShape, Object.fromEntries(call.query), 'query');
      const gzip = asked.tar_type !== undefined;
      return laidOut(call, call.desk.bill(asked.bill_date, { trade: asked.bill_type }, gzip), gzip);
    },
  },
  {
    method: 'GET',
    path: '/v3/bill/fundflowbill',
    handle: (call) => {
      const asked = checked(flowShape, Object.fromEntries(call.query), 'query');
      const gzip = asked.tar_type !== undefined;
      return laidOut(call, call.desk.bill(asked.bill_date, { fundFlow: asked.account_type }, gzip), gzip);
    },
  },
  {
    method: 'GET',
    path: '/v3/billdownload/file',
    handle: ({ pay, query, now }) => {
      const bytes =
        pay.bills.take(query.get('token') ?? '', now) ?? refuse('INVALID_REQUEST', '下载链接已失效，请重新申请账单');
      const contentType = query.get('tartype') === 'gzip' ? 'application/gzip' : 'text/plain; charset=utf-8';
      return { kind: 'file', bytes, contentType };
    },
  },
];
