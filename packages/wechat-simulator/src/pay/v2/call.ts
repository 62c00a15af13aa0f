import type { Parameters, ParametersToSend, SignType } from '@lingquan/wechat-pay';
import type { Desk } from '../desk.ts';
import { refuse } from '../rules/refusal.ts';
import type { Pay } from '../state/pay.ts';

/** One call of a v2 interface, its signature checked. */
export interface V2Call {
  readonly pay: Pay;
  readonly desk: Desk;
  readonly fields: Parameters;
  readonly signType: SignType;
  readonly now: number;
}

export interface V2Api {
  readonly path: string;
  /** Taken only where the merchant showed its certificate (reference A.2). */
  readonly mutualTls?: true;
  /** Fields of a business answer, or a file. */
  readonly handle: (call: V2Call) => ParametersToSend | Buffer;
}

/** A field that must be there. */
export function required(fields: Parameters, name: string, max: number): string {
  const value = fields[name] ?? '';
  if (value === '') refuse('LACK_PARAMS', `缺少参数${name}`);
  if (value.length > max) refuse('PARAM_ERROR', `参数${name}长度有误`);
  return value;
}

export function optional(fields: Parameters, name: string, max: number): string {
  const value = fields[name] ?? '';
  if (value.length > max) refuse('PARAM_ERROR', `参数${name}长度有误`);
  return value;
}

/** A whole number of fen of at least one. */
export function fenField(fields: Parameters, name: string): number {
  const text = required(fields, name, 10);
  if (!/^[1-9]\d*$/.test(text)) refuse('PARAM_ERROR', `参数${name}格式有误`);
  return Number(text);
}

/** An order by its number or the platform's (which wins, reference A.7); at least one must be said. */
export function orderName(fields: Parameters) {
  const transactionId = fields['transaction_id'] || undefined;
  const outTradeNo = fields['out_trade_no'] || undefined;
  if (transactionId === undefined && outTradeNo === undefined)
    refuse('LACK_PARAMS', '缺少参数out_trade_no或transaction_id');
  return { transactionId, outTradeNo };
}
