import { readQrOrder } from '../../rules/qr-scene.ts';
import { refuse } from '../../rules/refusal.ts';
import { newOpaque } from '../../state/ids.ts';
import { type AccountCall, type Answer, type Api, type OpenCall, json } from '../definition.ts';
import { qrPicture } from '../../state/picture.ts';

const permanentMax = 100_000;

function create({ state, body, now }: AccountCall): Answer {
  const order = readQrOrder(body);
  if ('errcode' in order) return refuse(order.errcode);
  if (order.permanent && state.qrCodes.permanentCount() >= permanentMax) refuse(45029);
  const ticket = `gQ${newOpaque(70)}==`;
  const url = `http://weixin.qq.com/q/${newOpaque(18)}`;
  const { scene, permanent, expireSeconds } = order;
  const expiresAt = expireSeconds === undefined ? Number.POSITIVE_INFINITY : now + expireSeconds * 1000;
  state.qrCodes.add({ ticket, scene, url, permanent, expiresAt });
  // A permanent code's answer has no expire_seconds; clients read its absence as "permanent".
  return json({ ticket, ...(expireSeconds !== undefined && { expire_seconds: expireSeconds }), url });
}

async function show({ world, query }: OpenCall): Promise<Answer> {
  const ticket = query.get('ticket') ?? '';
  const code = [...world.accounts.values()]
    .map((state) => state.qrCodes.byTicket(ticket))
    .find((found) => found !== undefined);
  if (code === undefined) return { kind: 'page', status: 404, html: '<html><body>404 Not Found</body></html>' };
  return { kind: 'bytes', body: await qrPicture(code.url, { width: 430 }), contentType: 'image/png' };
}

/** QR codes with parameters; the picture is on the platform's other host, which here is the same. */
export const qrCodeApis: readonly Api[] = [
  { method: 'POST', path: '/cgi-bin/qrcode/create', auth: 'token', kind: 'official-account', handle: create },
  { method: 'GET', path: '/cgi-bin/showqrcode', auth: 'open', handle: show },
];
