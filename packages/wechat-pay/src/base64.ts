const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The bytes of standard base64; undefined for anything else, where Buffer.from would skip what it does not know. */
export function bytesOfBase64(text: string): Buffer | undefined {
  return text.length % 4 === 0 && base64.test(text) ? Buffer.from(text, 'base64') : undefined;
}
