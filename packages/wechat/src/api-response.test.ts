import { expect, test } from '@jest/globals';
import { classify, outcomeOf } from './api-response.ts';

const answer = (body: string | Buffer, contentType = 'application/json', status = 200) =>
  classify({ status, contentType, body: Buffer.from(body) });

test('an unknown errcode is permanent, a missing one a success', () => {
  expect(outcomeOf(99_999)).toBe('permanent');
  expect(answer('{}')).toMatchObject({ kind: 'ok', errcode: 0, errmsg: '' });
});

test('the request id is taken from the message', () => {
  const body = '{"errcode":48001,"errmsg":"api unauthorized rid: 6a1b2c3d-01234567-89abcdef"}';
  expect(answer(body)).toMatchObject({ kind: 'config', errcode: 48_001, rid: '6a1b2c3d-01234567-89abcdef' });
  expect(answer('{"errcode":48001}').rid).toBeUndefined();
});

test('ids are text whatever their size, other numbers are numbers until they would be rounded', () => {
  const body = '{"msgid":7,"msg_id":8,"expires_in":7200,"menuid":9007199254740993,"price":1.5}';
  expect(answer(body).json).toEqual({
    msgid: '7',
    msg_id: '8',
    expires_in: 7200,
    menuid: '9007199254740993',
    price: 1.5,
  });
});

test('a control character in a name does not spoil the answer', () => {
  expect(answer('{"remark":"a\u0002b"}').json).toEqual({ remark: 'ab' });
});

test('pictures and other media are successes, pages and scraps are not answers', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d]);
  expect(answer(png, 'application/octet-stream')).toMatchObject({ kind: 'ok', isImage: true });
  expect(answer('RIFF', 'audio/amr').kind).toBe('ok');
  for (const scrap of ['', '{', '{"a":', '[]', 'null', '<html>']) expect(answer(scrap).kind).toBe('transport');
});

test('a gateway that fails is no answer, even when it speaks JSON', () => {
  expect(answer('{"errcode":0}', 'application/json', 503).kind).toBe('transport');
});
