/** What was asked of the platform. */
export type Operation = 'prepay' | 'query' | 'close' | 'refund' | 'query_refund' | 'bill' | 'certificates';

/**
 * What to do about a refusal (reference A.12, B.10, B.11):
 *
 * - `retry_same_params`: the outcome is unknown; the very same again, a few times, then query;
 * - `query_or_retry_same_params`: the outcome is unknown; never a new number;
 * - `wait_then_retry_same_params`: not accepted for now (too many, no funds, not ready);
 * - `query_then_mark_paid`: it is paid already, says the platform;
 * - `query`: ask how the order is, and believe that;
 * - `treat_as_success`: what was wanted is so;
 * - `new_number`: this number cannot be used (any more);
 * - `not_there`: the platform does not know it;
 * - `fail_fix`: our parameters, keys or settings are wrong; nobody is helped by repeating;
 * - `fail_final`: refused for reasons of the business; it stays so.
 */
export type Action =
  | 'retry_same_params'
  | 'query_or_retry_same_params'
  | 'wait_then_retry_same_params'
  | 'query_then_mark_paid'
  | 'query'
  | 'treat_as_success'
  | 'new_number'
  | 'not_there'
  | 'fail_fix'
  | 'fail_final';

export type PlatformRefusal = {
  api: 'v2' | 'v3';
  operation: Operation;
  httpStatus: number;
  /** v3: `code`; v2: err_code, error_code or, for bills, return_msg. '' when there is none. */
  code: string;
};

/** Codes are compared without underscores and blanks, in upper case: their spelling differs between documents (reference B.10). */
export const plainCode = (code: string): string => code.toUpperCase().replaceAll(/[_\s]/g, '');

/** What to do about an error answer. What is not known is looked at by status: 5xx and 202 leave the outcome open. */
export function decide({ api, operation, httpStatus, code }: PlatformRefusal): Action {
  const plain = plainCode(code);
  if (unknownOutcome.has(plain) || httpStatus >= 500 || httpStatus === 408) return 'retry_same_params';
  if (httpStatus === 202) return 'query';
  const isBusy = httpStatus === 429 || busy.has(plain);
  // v2 says plainly that it did not take the refund; in v3 the outcome is unknown.
  if (isBusy)
    return operation === 'refund' && api === 'v3' ? 'query_or_retry_same_params' : 'wait_then_retry_same_params';
  const known = byOperation[operation][plain] ?? general[plain];
  // On any failure to close: query, and believe the query (reference B.9).
  return known ?? (operation === 'close' ? 'query' : httpStatus === 401 ? 'fail_fix' : 'fail_final');
}

const unknownOutcome: ReadonlySet<string> = new Set([
  'SYSTEMERROR',
  'BIZERRNEEDRETRY',
  'BANKERROR',
  'SERVICEUNAVAILABLE',
]);

const busy: ReadonlySet<string> = new Set(['FREQUENCYLIMITED', 'RATELIMITEXCEEDED', 'INVALIDREQTOOMUCH']);

const general: Readonly<Record<string, Action>> = {
  ...all('fail_fix', [
    'PARAMERROR',
    'INVALIDREQUEST',
    'INVALIDTRANSACTIONID',
    'LACKPARAMS',
    'NOTUTF8',
    'XMLFORMATERROR',
    'POSTDATAEMPTY',
    'REQUIREPOSTMETHOD',
    'SIGNERROR',
    'NOAUTH',
    'APPIDNOTEXIST',
    'MCHIDNOTEXIST',
    'MCHNOTEXISTS',
    'APPIDMCHIDNOTMATCH',
    'OPENIDMISMATCH',
    'FAIL',
  ]),
  ...all('fail_final', ['USERACCOUNTABNORMAL', 'ACCOUNTERROR', 'TRADEOVERDUE', 'RULELIMIT', 'TRADEERROR', 'ERROR']),
};

const paid: Readonly<Record<string, Action>> = { ORDERPAID: 'query_then_mark_paid' };
const noOrder: Readonly<Record<string, Action>> = { ORDERNOTEXIST: 'not_there', RESOURCENOTEXISTS: 'not_there' };
const noRefund: Readonly<Record<string, Action>> = { REFUNDNOTEXIST: 'not_there', RESOURCENOTEXISTS: 'not_there' };

const byOperation: Readonly<Record<Operation, Readonly<Record<string, Action>>>> = {
  // The payer's balance, not ours: the order stands and can be paid otherwise.
  prepay: { ...paid, ORDERCLOSED: 'new_number', OUTTRADENOUSED: 'new_number', NOTENOUGH: 'fail_final' },
  query: noOrder,
  close: {
    ...paid,
    ...noOrder,
    ORDERCLOSED: 'treat_as_success',
    ...all('query', ['PARAMERROR', 'INVALIDREQUEST', 'TRADEERROR', 'RULELIMIT', 'TRADESTATEERROR', 'OUTTRADENOUSED']),
  },
  // Our own balance: top up, then the same number.
  refund: { NOTENOUGH: 'wait_then_retry_same_params', ORDERNOTEXIST: 'fail_final', RESOURCENOTEXISTS: 'fail_final' },
  query_refund: { ...noRefund, ORDERNOTEXIST: 'not_there' },
  bill: {
    ...all('not_there', ['NOSTATEMENTEXIST', 'NOBILLEXIST']),
    ...all('wait_then_retry_same_params', ['STATEMENTCREATING', 'BILLCREATING']),
  },
  certificates: { RESOURCENOTEXISTS: 'not_there' },
};

function all(action: Action, codes: readonly string[]): Record<string, Action> {
  return Object.fromEntries(codes.map((code) => [code, action]));
}

/** The numeric sub-code behind the last `-` of a Request-ID; for logs and runbooks only (reference B.13). */
export const subCodeOf = (requestId: string): string => /-(\d+)$/.exec(requestId)?.[1] ?? '';
