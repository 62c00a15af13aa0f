/** Why a merchant's call is refused, and how each API spells it: v3 by HTTP status and code (reference B.10), v2 by err_code (A.12). */
const causes = {
  LACK_PARAMS: { status: 400, v3: 'PARAM_ERROR', v2: 'LACK_PARAMS' },
  PARAM_ERROR: { status: 400, v3: 'PARAM_ERROR', v2: 'PARAM_ERROR' },
  INVALID_REQUEST: { status: 400, v3: 'INVALID_REQUEST', v2: 'INVALID_REQUEST' },
  /** The number was used with other parameters (reference D.3). */
  OTHER_PARAMETERS: { status: 400, v3: 'INVALID_REQUEST', v2: 'OUT_TRADE_NO_USED' },
  /** The number's order is past its time (reference A.12). */
  OUT_TRADE_NO_USED: { status: 403, v3: 'OUT_TRADE_NO_USED', v2: 'OUT_TRADE_NO_USED' },
  APPID_MCHID_NOT_MATCH: { status: 400, v3: 'APPID_MCHID_NOT_MATCH', v2: 'APPID_MCHID_NOT_MATCH' },
  APPID_NOT_EXIST: { status: 400, v3: 'PARAM_ERROR', v2: 'APPID_NOT_EXIST' },
  MCH_NOT_EXISTS: { status: 400, v3: 'MCH_NOT_EXISTS', v2: 'MCHID_NOT_EXIST' },
  SIGN_ERROR: { status: 401, v3: 'SIGN_ERROR', v2: 'SIGNERROR' },
  NO_AUTH: { status: 403, v3: 'NO_AUTH', v2: 'NOAUTH' },
  /** Real codes for paying or closing what is paid (reference B.9, medium). */
  ORDERPAID: { status: 400, v3: 'ORDERPAID', v2: 'ORDERPAID' },
  ORDER_CLOSED: { status: 400, v3: 'ORDER_CLOSED', v2: 'ORDERCLOSED' },
  ORDER_NOT_EXIST: { status: 404, v3: 'ORDER_NOT_EXIST', v2: 'ORDERNOTEXIST' },
  /** The order of a refund: refunds have no ORDER_NOT_EXIST in v3 (reference B.11). */
  REFUND_ORDER_NOT_EXIST: { status: 404, v3: 'RESOURCE_NOT_EXISTS', v2: 'ORDERNOTEXIST' },
  REFUND_NOT_EXIST: { status: 404, v3: 'RESOURCE_NOT_EXISTS', v2: 'REFUNDNOTEXIST' },
  RESOURCE_NOT_EXISTS: { status: 404, v3: 'RESOURCE_NOT_EXISTS', v2: 'PARAM_ERROR' },
  /** A refund that breaks a rule about amounts, numbers or states. */
  REFUND_REFUSED: { status: 400, v3: 'INVALID_REQUEST', v2: 'ERROR' },
  TRADE_OVERDUE: { status: 400, v3: 'INVALID_REQUEST', v2: 'TRADE_OVERDUE' },
  TRADE_STATE_ERROR: { status: 400, v3: 'INVALID_REQUEST', v2: 'TRADE_STATE_ERROR' },
  INVALID_TRANSACTIONID: { status: 404, v3: 'RESOURCE_NOT_EXISTS', v2: 'INVALID_TRANSACTIONID' },
  NOT_ENOUGH: { status: 403, v3: 'NOT_ENOUGH', v2: 'NOTENOUGH' },
  USER_ACCOUNT_ABNORMAL: { status: 403, v3: 'USER_ACCOUNT_ABNORMAL', v2: 'USER_ACCOUNT_ABNORMAL' },
  RULE_LIMIT: { status: 403, v3: 'RULE_LIMIT', v2: 'INVALID_REQUEST' },
  FREQUENCY_LIMITED: { status: 429, v3: 'FREQUENCY_LIMITED', v2: 'FREQUENCY_LIMITED' },
  NO_STATEMENT_EXIST: { status: 400, v3: 'NO_STATEMENT_EXIST', v2: 'No Bill Exist' },
  STATEMENT_CREATING: { status: 400, v3: 'STATEMENT_CREATING', v2: 'Bill Creating' },
  SYSTEM_ERROR: { status: 500, v3: 'SYSTEM_ERROR', v2: 'SYSTEMERROR' },
  SERVICE_UNAVAILABLE: { status: 503, v3: 'SERVICE_UNAVAILABLE', v2: 'SYSTEMERROR' },
} as const;

export type Cause = keyof typeof causes;

/** The member that is wrong, as v3 names it in `detail` (reference B.1). */
export interface Detail {
  readonly field: string;
  readonly value?: unknown;
  readonly issue: string;
  readonly location: 'body' | 'query' | 'uri' | 'header' | 'url' | 'authorization';
}

/** What the platform answers instead of doing it. */
export class PayRefusal extends Error {
  readonly why: Cause;
  readonly detail: Detail | undefined;

  constructor(why: Cause, message: string, detail?: Detail) {
    super(message);
    this.why = why;
    this.detail = detail;
  }

  get v3(): { readonly status: number; readonly code: string } {
    const { status, v3: code } = causes[this.why];
    return { status, code };
  }

  get v2(): string {
    return causes[this.why].v2;
  }
}

/** Throws. */
export function refuse(why: Cause, message: string, detail?: Detail): never {
  throw new PayRefusal(why, message, detail);
}

/** Whatever spelling is written, v3's, v2's or one without underscores (reference B.10), the cause of that name; undefined when there is none. */
export function causeNamed(code: string): Cause | undefined {
  const plain = (name: string) => name.replaceAll('_', '');
  return (Object.keys(causes) as Cause[]).find((cause) =>
    [cause, causes[cause].v3, causes[cause].v2].some((name) => plain(name) === plain(code)),
  );
}
