import type { Context } from 'koa';
import { verifyRequest } from '@lingquan/wechat-pay';
import { seconds } from '../../state/clock.ts';
import { type Detail, refuse } from '../rules/refusal.ts';
import type { Pay } from '../state/pay.ts';

const at = (field: string, issue: string): Detail => ({ field, issue, location: 'authorization' });

/** Lets a request in that the merchant signed, over its raw bytes, lately and for the first time (reference B.1, B.2); refuses others. */
export function admit({ keys, nonces, world }: Pay, ctx: Context, body: Buffer): void {
  if (ctx.get('user-agent') === '' || ctx.get('accept') === '') refuse('PARAM_ERROR', 'Http头缺少Accept或User-Agent');
  const authorization = ctx.get('authorization');
  if (authorization === '') refuse('SIGN_ERROR', 'Http头缺少Authorization');
  // Signatures are made with real clocks, wherever the simulator's has been set.
  const machineNow = world.clock.machineNow();
  const request = { method: ctx.method, url: ctx.req.url ?? '', body, authorization };
  const verdict = verifyRequest(keys.merchant.keys, request, seconds(machineNow));
  if (!verdict.ok) {
    switch (verdict.reason) {
      case 'missing_header':
        refuse('SIGN_ERROR', 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》');
        break;
      case 'timestamp_out_of_range':
        refuse('SIGN_ERROR', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟');
        break;
      case 'unknown_serial':
        refuse(
          'SIGN_ERROR',
          '商户证书序列号有误。请使用签名私钥匹配的证书序列号',
          at('serial_no', 'serial_no not found'),
        );
        break;
      default:
        refuse('SIGN_ERROR', '签名错误，请检查后再试', at('signature', 'sign not match'));
    }
  }
  if (verdict.parts.mchid !== keys.merchant.mchid)
    refuse('MCH_NOT_EXISTS', '商户号不存在', at('mchid', 'mchid not found'));
  if (!nonces.use(verdict.parts.nonce_str, machineNow))
    refuse('SIGN_ERROR', '随机串重复，请更换后重新签名', at('nonce_str', 'nonce_str was used before'));
}
