/**
 * Whether getwxacodeunlimit takes this `scene`: 1 to 32 characters of letters, digits and `!#$&'()*+,/:;=?@-._~` (reference section 11).
 * Others are answered with 40129 or 40169.
 */
export function isWxacodeScene(scene: string): boolean {
  return /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/.test(scene);
}
