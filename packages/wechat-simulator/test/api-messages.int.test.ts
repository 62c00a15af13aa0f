import { expect, test } from '@jest/globals';
import { until } from '@lingquan/test-kit';
import { type ApiTestbed, minute, useApiTestbed } from './api-testbed.ts';

let receiver: ApiTestbed['receiver'];
let platform: ApiTestbed['platform'];
let all: ApiTestbed['all'];
let sim: ApiTestbed['sim'];
useApiTestbed((bed) => {
  ({ receiver, platform, all, sim } = bed);
});

const couponData = {
  thing1: { value: '满30减5' },
  character_string2: { value: '8F3K' },
  date3: { value: '2026-12-31' },
};

test('a template message is seen, its result is pushed with the same id, and the same one is not sent twice', async () => {
  const { template_list: list } = await sim.api(all.plain, '/cgi-bin/template/get_all_private_template');
  const template_id = (list as { template_id: string }[])[0]?.template_id;
  const openid = await sim.follower(all.plain);
  const token = await sim.token(all.plain);
  const body = { touser: openid, template_id, client_msg_id: 'order-1', data: couponData };
  const sendIt = async () =>
    (
      await fetch(`${platform.url}/cgi-bin/message/template/send?access_token=${token}`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
    ).text();
  const first = await sendIt();
  const msgid = /^\{"errcode":0,"errmsg":"ok","msgid":(\d{18,19})\}$/.exec(first)?.[1];
  const event = await until(() => receiver.received[0]?.fields, 'the result is pushed');
  expect(event).toMatchObject({ Event: 'TEMPLATESENDJOBFINISH', MsgID: msgid, Status: 'success' });
  expect(await sendIt()).toBe(first);
  expect((await sim.seen(openid)).filter(({ via }) => via === 'template')).toHaveLength(1);
  await sim.shiftClock(11 * minute);
  expect(await sendIt()).not.toBe(first);
});

test('a template message with a wrong parameter names it; an unknown template and a stranger are refused', async () => {
  const openid = await sim.follower(all.plain);
  const { template_list: list } = await sim.api(all.plain, '/cgi-bin/template/get_all_private_template');
  const template_id = (list as { template_id: string }[])[0]?.template_id;
  const sendIt = (more: object) =>
    sim.api(all.plain, '/cgi-bin/message/template/send', { touser: openid, template_id, data: couponData, ...more });
  expect(await sendIt({ data: { ...couponData, character_string2: { value: '券码' } } })).toMatchObject({
    errcode: 47003,
    errmsg: expect.stringContaining('data.character_string2.value invalid'),
  });
  expect(await sendIt({ template_id: 'x' })).toMatchObject({ errcode: 40037 });
  await sim.push({ openid, type: 'unsubscribe' });
  expect(await sendIt({})).toMatchObject({ errcode: 43004 });
});

test('a subscription message needs a consent each, and its result is pushed as JSON to a mini program', async () => {
  receiver.serve(all.miniProgram);
  const { appid } = all.miniProgram;
  const openid = await sim.follower(all.miniProgram);
  const { data } = await sim.api(all.miniProgram, '/wxaapi/newtmpl/gettemplate');
  const templateId = (data as { priTmplId: string }[])[0]?.priTmplId;
  const sendIt = () =>
    sim.api(all.miniProgram, '/cgi-bin/message/subscribe/send', {
      touser: openid,
      template_id: templateId,
      page: 'pages/coupon',
      data: couponData,
    });
  expect(await sendIt()).toMatchObject({ errcode: 43101 });
  await sim.post('/_sim/consents', { appid, openid, templateIds: [templateId] });
  expect(receiver.received[0]?.fields).toMatchObject({
    Event: 'subscribe_msg_popup_event',
    List: [{ TemplateId: templateId, SubscribeStatusString: 'accept', PopupScene: '0' }],
  });
  expect(await sendIt()).toMatchObject({ errcode: 0 });
  const event = await until(() => receiver.received[1]?.fields, 'the result is pushed');
  expect(event).toMatchObject({
    Event: 'subscribe_msg_sent_event',
    List: [{ TemplateId: templateId, ErrorStatus: 'success' }],
  });
  expect(await sendIt()).toMatchObject({ errcode: 43101 });
});
