/** Whether it can be an out_trade_no: 6 to 32 of 0-9 A-Z a-z _ - | * (reference 0.3). */
export const isOutTradeNo = (text: string): boolean => /^[0-9A-Za-z_\-|*]{6,32}$/.test(text);

/** Whether it can be an out_refund_no: 1 to 64 of 0-9 A-Z a-z _ - | * @ (reference 0.3). */
export const isOutRefundNo = (text: string): boolean => /^[0-9A-Za-z_\-|*@]{1,64}$/.test(text);
