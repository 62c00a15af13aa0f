import QRCode from 'qrcode';

/** A QR code as PNG bytes, `width` pixels wide; black on white unless colours are given (`#rrggbb`, with `aa` behind for transparency). */
export function qrPicture(text: string, options: { width: number; dark?: string; light?: string }): Promise<Buffer> {
  const { width, dark = '#000000', light = '#ffffff' } = options;
  return QRCode.toBuffer(text, { type: 'png', width, margin: 2, color: { dark, light } });
}
