import type { Router } from '@koa/router';
import { AppError } from '@lingquan/errors';
import { qrPicture } from '../state/picture.ts';

const TEXT_MAX = 256;

/** `GET /_sim/qr?text=`: a text as a QR code, for what the phone holds up to a till. */
export function qrRoutes(router: Router): void {
  router.get('/_sim/qr', async (ctx) => {
    const { text } = ctx.query;
    if (typeof text !== 'string' || text === '' || text.length > TEXT_MAX)
      throw new AppError('invalid', `text must be 1 to ${TEXT_MAX} characters, once`);
    ctx.type = 'image/png';
    ctx.set('Cache-Control', 'max-age=3600');
    ctx.body = await qrPicture(text, { width: 320, dark: '#000000', light: '#ffffff' });
  });
}
