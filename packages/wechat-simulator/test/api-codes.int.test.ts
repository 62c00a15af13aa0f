import { expect, test } from '@jest/globals';
import { textOf } from '@lingquan/wechat';
import { type ApiTestbed, hour, useApiTestbed } from './api-testbed.ts';

let receiver: ApiTestbed['receiver'];
let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
useApiTestbed((bed) => {
  ({ receiver, platform, all, sim } = bed);
});

test('a QR code is made, drawn, scanned while it lives and not after', async () => {
  const made = await sim.api(all.plain, '/cgi-bin/qrcode/create', {
    expire_seconds: 60,
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: 'shop' } },
  });
  const ticket = String(made['ticket']);
  const picture = await fetch(`${platform.url}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  expect((await fetch(`${platform.url}/cgi-bin/showqrcode?ticket=none`)).status).toBe(404);
  await sim.push({ openid: await sim.follower(all.plain), type: 'scan', ticket });
  expect(receiver.received[0]?.fields).toMatchObject({ Event: 'SCAN', EventKey: 'shop', Ticket: ticket });
  await sim.shiftClock(61_000);
  expect(await sim.push({ type: 'scan', ticket })).toMatchObject({ error: 'conflict' });
  const permanent = await sim.api(all.plain, '/cgi-bin/qrcode/create', {
    action_name: 'QR_LIMIT_SCENE',
    action_info: { scene: { scene_id: 9 } },
  });
  expect(permanent).not.toHaveProperty('expire_seconds');
});

test('mini-program codes are pictures, their errors are labelled as JSON, whatever the request called itself', async () => {
  const token = await sim.token(all.miniProgram);
  const draw = (body: object) =>
    fetch(`${platform.url}/wxa/getwxacodeunlimit?access_token=${token}`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=ISO-8859-1' },
      body: JSON.stringify(body),
    });
  const picture = await draw({ scene: 'c=1', page: 'pages/coupon' });
  expect(picture.headers.get('content-type')).toBe('image/png');
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  const refused = await draw({ scene: '券' });
  expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await refused.json()).toMatchObject({ errcode: 40129 });
});

test('files are uploaded, fetched back byte for byte, and gone after three days', async () => {
  const token = await sim.token(all.plain);
  const form = new FormData();
  form.append('media', new Blob([Buffer.from('GIF89a券')], { type: 'image/gif' }), 'a.gif');
  const upload = (await (
    await fetch(`${platform.url}/cgi-bin/media/upload?access_token=${token}&type=image`, { method: 'POST', body: form })
  ).json()) as { media_id: string };
  const fetchBack = async () =>
    fetch(`${platform.url}/cgi-bin/media/get?access_token=${await sim.token(all.plain)}&media_id=${upload.media_id}`);
  expect(Buffer.from(await (await fetchBack()).arrayBuffer()).toString()).toBe('GIF89a券');
  await sim.shiftClock(72 * hour);
  expect(await (await fetchBack()).json()).toMatchObject({ errcode: 40007 });
});

test('a push answered with a file’s id can be read by the account', async () => {
  await sim.push({ type: 'voice', text: '优惠券' });
  expect(textOf(receiver.received[0]?.fields ?? {}, 'Recognition')).toBe('优惠券');
});
