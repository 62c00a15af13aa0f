import { expect, test } from '@jest/globals';
import { parametersOf, readTemplateData, render } from './template-data.ts';

/** What is wrong with one value for one parameter; undefined when nothing is. */
function problemWith(parameter: string, value: unknown): string | undefined {
  const data = readTemplateData(`内容:{{${parameter}.DATA}}`, { [parameter]: { value } });
  return 'problem' in data ? data.problem : undefined;
}

test.each([
  ['thing1', '一二三四五六七八九十一二三四五六七八九十'],
  ['thing1', '满30减5（全场）'],
  ['number1', '-12.50'],
  ['letter1', 'Abc'],
  ['symbol1', '★☆'],
  ['character_string1', '8F3K-Q2ZX'],
  ['time1', '15:01'],
  ['time1', '2026年1月5日 15:01'],
  ['time1', '15:01~16:30'],
  ['date1', '2026年1月5日'],
  ['date1', '2026-01-05 15:01:59'],
  ['date1', '2026/01/05~2026/02/05'],
  ['amount1', '￥25.00'],
  ['amount1', '25元'],
  ['phone_number1', '+86-0766-66888866'],
  ['car_number1', '粤A8Z888挂'],
  ['name1', '十个汉字的名字就这样'],
  ['name1', 'Twenty letters name.'],
  ['phrase1', '已到账'],
  ['keyword1', 'anything at all, for old templates know no kinds'],
])('%s takes %s', (parameter, value) => {
  expect(problemWith(parameter, value)).toBeUndefined();
});

test.each([
  ['thing1', '一二三四五六七八九十一二三四五六七八九十一'],
  ['thing1', '两\n行'],
  ['number1', '12a'],
  ['letter1', 'a1'],
  ['symbol1', '★★★★★★'],
  ['character_string1', '券码8F3K'],
  ['time1', '下午三点'],
  ['date1', '明天'],
  ['amount1', '￥12345678901'],
  ['phone_number1', '123456789012345678'],
  ['car_number1', '粤A8Z888挂挂'],
  ['name1', '十一个汉字的名字太长了吧'],
  ['phrase1', '已到账了吗啊'],
  ['phrase1', 'ok'],
])('%s refuses %s and is named', (parameter, value) => {
  expect(problemWith(parameter, value)).toBe(`data.${parameter}.value invalid`);
});

test('an empty and a missing value are refused', () => {
  expect(problemWith('thing1', '')).toBe('data.thing1.value is empty');
  expect(problemWith('thing1', undefined)).toBe('data.thing1.value is empty');
  expect(readTemplateData('{{thing1.DATA}}', undefined)).toEqual({ problem: 'data.thing1.value is empty' });
});

test('first and remark are no longer part of a message', () => {
  const content = '{{first.DATA}}\n券:{{thing1.DATA}}\n{{remark.DATA}}';
  expect(parametersOf(content)).toEqual(['thing1']);
  expect(render(content, { thing1: '满30减5' })).toBe('券:满30减5');
});
