import { type FundAccount, type TradeBillType, tradeBillTypes } from '../rules/bill.ts';
import { refuse } from '../rules/refusal.ts';
import { type V2Api, type V2Call, optional, required } from './call.ts';

function dayIn({ fields }: V2Call): string {
  const date = required(fields, 'bill_date', 8);
  if (!/^\d{8}$/.test(date)) refuse('PARAM_ERROR', 'data format error');
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
}

function isGzip({ fields }: V2Call): boolean {
  const tarType = optional(fields, 'tar_type', 8);
  if (tarType !== '' && tarType !== 'GZIP') refuse('PARAM_ERROR', 'invalid tar_type');
  return tarType === 'GZIP';
}

function tradeBill(call: V2Call): Buffer {
  const type = optional(call.fields, 'bill_type', 32) || 'ALL';
  if (!(tradeBillTypes as readonly string[]).includes(type)) refuse('PARAM_ERROR', 'invalid bill_type');
  return call.desk.bill(dayIn(call), { trade: type as TradeBillType }, isGzip(call)).file;
}

const accounts: Readonly<Record<string, FundAccount>> = { Basic: 'BASIC', Operation: 'OPERATION', Fees: 'FEES' };

function fundFlow(call: V2Call): Buffer {
  if (call.signType !== 'HMAC-SHA256') refuse('SIGN_ERROR', '签名类型只支持HMAC-SHA256');
  const account = accounts[required(call.fields, 'account_type', 16)] ?? refuse('PARAM_ERROR', 'invalid account_type');
  return call.desk.bill(dayIn(call), { fundFlow: account }, isGzip(call)).file;
}

/** Bills: a stream, not XML, when all is well (reference A.2, A.10). */
export const billApis: readonly V2Api[] = [
  { path: '/pay/downloadbill', handle: tradeBill },
  { path: '/pay/downloadfundflow', mutualTls: true, handle: fundFlow },
];
