/** How a coupon's QR code begins. */
const QR = 'lingquan:coupon:';

/**
 * A typed or scanned code as the issuer writes it, or undefined when it cannot be one. Blanks, hyphens and case are forgiven, and so is
 * the prefix of the QR code. Whether such a coupon exists is for the issuer to say, who also knows look-alikes.
 */
export function couponCodeOf(text: string): string | undefined {
  const bare = text.trim();
  const typed = bare.toLowerCase().startsWith(QR) ? bare.slice(QR.length) : bare;
  const code = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  return /^[0-9A-Z]{4,40}$/.test(code) ? code : undefined;
}
