import { expect, test } from '@jest/globals';
import { matchRuleProblem, matches, menuProblem, storedButton } from './menu.ts';

const click = { type: 'click', name: '领券', key: 'GET' };
const below = (...buttons: object[]) => [{ name: '更多', sub_button: buttons }];
const repeat = (count: number) => Array.from({ length: count }, () => click);

test('a menu of three buttons with five below each is taken', () => {
  expect(menuProblem([...below(...repeat(5)), ...below(...repeat(5)), click])).toBeUndefined();
});

test.each([
  ['no list', undefined, 40015],
  ['no button', [], 40016],
  ['four buttons', repeat(4), 40016],
  ['an unknown type', [{ ...click, type: 'tap' }], 40017],
  ['no type and nothing below', [{ name: '领券' }], 40017],
  ['a name of 17 bytes', [{ ...click, name: '一二三四五ab' }], 40018],
  ['no name', [{ ...click, name: '' }], 40018],
  ['a key of 129 bytes', [{ ...click, key: 'k'.repeat(129) }], 40019],
  ['no key', [{ type: 'click', name: '领券' }], 40019],
  ['an address of 1025 bytes', [{ type: 'view', name: '页', url: `https://e.com/${'a'.repeat(1011)}` }], 40020],
  ['an address that is none', [{ type: 'view', name: '页', url: 'example' }], 40055],
  ['a third level', below({ name: '更多', sub_button: [click] }), 40022],
  ['six below', below(...repeat(6)), 40023],
  ['an unknown type below', below({ ...click, type: 'tap' }), 40024],
  ['a name of 61 bytes below', below({ ...click, name: 'n'.repeat(61) }), 40025],
  ['no key below', below({ type: 'click', name: '领券' }), 40026],
  ['no address below', below({ type: 'view', name: '页' }), 40027],
  ['no mini-program page', [{ type: 'miniprogram', name: '程序', url: 'http://e.com', appid: 'wx1' }], 40165],
])('%s is refused', (_what, buttons, errcode) => {
  expect(menuProblem(buttons)).toBe(errcode);
});

test('a name of 60 bytes is short enough below, not above', () => {
  const long = { ...click, name: 'n'.repeat(60) };
  expect(menuProblem(below(long))).toBeUndefined();
  expect(menuProblem([long])).toBe(40018);
});

test('a stored button keeps what its type needs and shows an empty list below', () => {
  expect(storedButton({ ...click, url: 'http://e.com' })).toEqual({ ...click, sub_button: [] });
});

test('a conditional menu fits when all its conditions do', () => {
  const person = { tagIds: [100], platformType: '1' };
  expect(matches({ tag_id: '100' }, person)).toBe(true);
  expect(matches({ tag_id: '101' }, person)).toBe(false);
  expect(matches({ tag_id: '100', client_platform_type: '2' }, person)).toBe(false);
  expect(matchRuleProblem({ tag_id: '' })).toBe(65304);
  expect(matchRuleProblem({ tag_id: '100' })).toBeUndefined();
});
