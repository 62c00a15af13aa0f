import { expect, test } from '@jest/globals';
import { type ApiTestbed, useApiTestbed } from './api-testbed.ts';

let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
useApiTestbed((bed) => {
  ({ all, sim } = bed);
});

test('followers are listed to an empty page, looked up, and remarked on', async () => {
  const { data, total, next_openid: next } = await sim.api(all.plain, '/cgi-bin/user/get');
  const openids = (data as { openid: string[] }).openid;
  expect(total).toBe(openids.length);
  expect(next).toBe(openids.at(-1));
  expect(await sim.api(all.plain, `/cgi-bin/user/get?next_openid=${String(next)}`)).toEqual({
    total,
    count: 0,
    next_openid: '',
  });
  const openid = openids[0] ?? '';
  await sim.api(all.plain, '/cgi-bin/user/info/updateremark', { openid, remark: '熟客' });
  expect(await sim.api(all.plain, `/cgi-bin/user/info?openid=${openid}&lang=zh_CN`)).toMatchObject({
    subscribe: 1,
    openid,
    remark: '熟客',
    tagid_list: [],
  });
  expect(await sim.api(all.plain, '/cgi-bin/user/info/batchget', { user_list: [{ openid: 'oNobody' }] })).toMatchObject(
    { errcode: 40003 },
  );
});

test('how somebody came to follow is told', async () => {
  await sim.push({ openid: 'oScanner', type: 'scan', eventKey: 'shop-7' });
  expect(await sim.api(all.plain, '/cgi-bin/user/info?openid=oScanner')).toMatchObject({
    subscribe_scene: 'ADD_SCENE_QR_CODE',
    qr_scene: 0,
    qr_scene_str: 'shop-7',
  });
});

test('tags are given to fifty at a time, all or nobody, and go with the follow', async () => {
  const { tag } = await sim.api(all.plain, '/cgi-bin/tags/create', { tag: { name: 'vip' } });
  const { id: tagid } = tag as { id: number };
  const openid = await sim.follower(all.plain);
  const give = (openid_list: string[]) =>
    sim.api(all.plain, '/cgi-bin/tags/members/batchtagging', { tagid, openid_list });
  expect(await give([openid, 'oNobody'])).toMatchObject({ errcode: 40003 });
  expect(await give(Array<string>(51).fill(openid))).toMatchObject({ errcode: 40032 });
  expect(await give([openid])).toMatchObject({ errcode: 0 });
  expect(await sim.api(all.plain, '/cgi-bin/tags/getidlist', { openid })).toEqual({ tagid_list: [tagid] });
  expect(await sim.api(all.plain, '/cgi-bin/user/tag/get', { tagid, next_openid: '' })).toEqual({
    count: 1,
    data: { openid: [openid] },
    next_openid: openid,
  });
  await sim.push({ openid, type: 'unsubscribe' });
  expect(await sim.api(all.plain, '/cgi-bin/user/tag/get', { tagid, next_openid: '' })).toEqual({
    count: 0,
    next_openid: '',
  });
});

test('the blacklist is listed from the start also when the client says null', async () => {
  const openid = await sim.follower(all.plain);
  await sim.api(all.plain, '/cgi-bin/tags/members/batchblacklist', { openid_list: [openid] });
  expect(await sim.api(all.plain, '/cgi-bin/tags/members/getblacklist', { begin_openid: null })).toEqual({
    total: 1,
    count: 1,
    data: { openid: [openid] },
    next_openid: openid,
  });
});
