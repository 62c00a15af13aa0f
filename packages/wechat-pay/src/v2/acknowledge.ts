import { writeXml } from '@lingquan/wechat';

/** The only answer v2 takes as an acknowledgement, exactly so, with HTTP 200 (reference A.6). */
export const acknowledgement =
  '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>';

/** Refuses a notice; it comes again. `why` is short and gives nothing away. */
export const refusalOfNotice = (why: string): string => writeXml({ return_code: 'FAIL', return_msg: why });
