import QRCode from 'qrcode';

/** A QR code as PNG bytes, `width` pixels wide; black on white unless colours are given (`#rrggbb`, with `aa` behind for transparency). */
export function qrPicture(text: string, options: { width: number; dark?: string; light?: string }): Promise<Buffer> {
  const { width, dark = '#000000', light = '#ffffff' } = options;
  // Each line as its difference from the one above, which is mostly none. Trying all of PNG's filters on each line, the default, takes
  // five times as long and makes it larger.
  const rendererOpts = { deflateLevel: 6, deflateStrategy: 0, filterType: 2 };
  return QRCode.toBuffer(text, { type: 'png', width, margin: 2, color: { dark, light }, rendererOpts });
}
