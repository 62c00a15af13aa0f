import { expect, test } from '@jest/globals';
import { type ApiTestbed, useApiTestbed } from './api-testbed.ts';

let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
useApiTestbed((bed) => {
  ({ platform, all, sim } = bed);
});

test('a menu made through the interface is on the phone, and another for those with a tag', async () => {
  expect(await sim.api(all.plain, '/cgi-bin/menu/get')).toMatchObject({ errcode: 46003 });
  const button = (name: string) => [{ type: 'click', name, key: name }];
  expect(await sim.api(all.plain, '/cgi-bin/menu/create', { button: button('领券') })).toMatchObject({ errcode: 0 });
  const { tag } = await sim.api(all.plain, '/cgi-bin/tags/create', { tag: { name: 'vip' } });
  const { id: tagid } = tag as { id: number };
  const conditional = await sim.api(all.plain, '/cgi-bin/menu/addconditional', {
    button: button('贵宾'),
    matchrule: { tag_id: String(tagid) },
  });
  expect(conditional).toEqual({ menuid: expect.stringMatching(/^\d+$/) });
  const openid = await sim.follower(all.plain);
  const names = async () =>
    ((await sim.get(`/_sim/menu?openid=${openid}`))['button'] as { name: string }[]).map(({ name }) => name);
  expect(await names()).toEqual(['领券']);
  await sim.api(all.plain, '/cgi-bin/tags/members/batchtagging', { tagid, openid_list: [openid] });
  expect(await names()).toEqual(['贵宾']);
  expect(await sim.api(all.plain, '/cgi-bin/menu/trymatch', { user_id: openid })).toMatchObject({
    button: [{ name: '贵宾' }],
  });
  await sim.api(all.plain, '/cgi-bin/menu/delete');
  expect(await names()).toEqual([]);
});

test('Chinese written as escapes is refused in menus; escaped ASCII, which Java writes, is not', async () => {
  const token = await sim.token(all.plain);
  const create = async (body: string) =>
    (await fetch(`${platform.url}/cgi-bin/menu/create?access_token=${token}`, { method: 'POST', body })).json();
  expect(await create('{"button":[{"type":"click","name":"\\u9886\\u5238","key":"k"}]}')).toMatchObject({
    errcode: 40033,
  });
  expect(
    await create('{"button":[{"type":"view","name":"页","url":"http://e.com/?a\\u003d1\\u0026b"}]}'),
  ).toMatchObject({ errcode: 0 });
});

test('the whole view of a menu has its lower buttons in a list of their own', async () => {
  const { selfmenu_info: info } = await sim.api(all.plain, '/cgi-bin/get_current_selfmenu_info');
  expect(info).toMatchObject({
    button: [{ type: 'click' }, {}, { sub_button: { list: [{ type: 'click' }, {}, { type: 'view' }] } }],
  });
});
