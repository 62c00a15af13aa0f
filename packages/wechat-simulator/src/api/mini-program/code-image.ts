import { type CodeInterface, readCodeOrder } from '../../rules/code-image.ts';
import { refuse } from '../../rules/refusal.ts';
import type { AccountCall, Answer, Api } from '../definition.ts';
import { qrPicture } from '../../state/picture.ts';

/** getwxacode and createwxaqrcode share this many for ever. */
const limitedMax = 100_000;

const draw =
  (which: CodeInterface) =>
  async ({ state, body }: AccountCall): Promise<Answer> => {
    const order = readCodeOrder(which, body);
    if ('errcode' in order) return refuse(order.errcode);
    const headers: Record<string, string> = {};
    if (which !== 'getwxacodeunlimit') {
      if (state.codeImagesMade >= limitedMax) refuse(45029);
      state.codeImagesMade += 1;
      headers['Num-Used'] = String(state.codeImagesMade);
    }
    const { target, width, dark, transparent } = order;
    const picture = await qrPicture(`https://mp.weixin.qq.com/a/${target}`, {
      width,
      dark,
      light: transparent ? '#ffffff00' : '#ffffff',
    });
    return { kind: 'bytes', body: picture, contentType: 'image/png', headers };
  };

const common = { method: 'POST', auth: 'token', kind: 'mini-program' } as const;

/** Mini-program codes. Pictures are square QR codes in PNG; errors are labelled as JSON, by which clients tell them apart. */
export const codeImageApis: readonly Api[] = [
  { ...common, path: '/wxa/getwxacode', brokenJson: 40159, handle: draw('getwxacode') },
  { ...common, path: '/wxa/getwxacodeunlimit', brokenJson: 40169, handle: draw('getwxacodeunlimit') },
  { ...common, path: '/cgi-bin/wxaapp/createwxaqrcode', brokenJson: 40159, handle: draw('createwxaqrcode') },
];
