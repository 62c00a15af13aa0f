/**
 * Why something that says it comes from the other side is not believed:
 *
 * - `missing_header`: one of the headers is absent or malformed;
 * - `timestamp_out_of_range`: signed more than five minutes ago, or ahead of now;
 * - `unknown_serial`: no key of that name is known; the platform may have a new certificate;
 * - `signtest_probe`: WeChat Pay tests whether we verify; refuse it like any bad signature, without alarm (reference B.3);
 * - `signature_mismatch`, `missing_sign`: not signed by the key it names, or not at all;
 * - `decrypt_failed`: signed, but its contents do not open: another APIv3 or APIv2 key;
 * - `bad_body`: not the format it should have.
 */
export type Reason =
  | 'missing_header'
  | 'timestamp_out_of_range'
  | 'unknown_serial'
  | 'signtest_probe'
  | 'signature_mismatch'
  | 'missing_sign'
  | 'decrypt_failed'
  | 'bad_body';

/** Verification never throws: it says why not. */
export type Refusal = { ok: false; reason: Reason };
export type Verdict = { ok: true } | Refusal;

export const refuse = (reason: Reason): Refusal => ({ ok: false, reason });
