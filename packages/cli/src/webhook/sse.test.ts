import { expect, test } from '@jest/globals';
import { sseParser } from './sse.ts';

const stream =
  ': a comment\nretry: 1000\nid: 3\n\nid: 4\ndata: {"a":1}\n\n:\nid: 9\n\ndata: x\ndata: y\r\n\r\nid: 10\ndata: cut';

test('events come with their ids; ids alone move the place; what is not finished is no event', () => {
  const parser = sseParser();
  expect(parser.push(stream)).toEqual([
    { id: '4', data: '{"a":1}' },
    { id: '9', data: 'x\ny' },
  ]);
  expect(parser.lastEventId).toBe('9');
});

test('it does not matter where the pieces are cut', () => {
  const whole = sseParser().push(stream);
  for (let size = 1; size < 12; size++) {
    const parser = sseParser();
    const events = [];
    for (let at = 0; at < stream.length; at += size) events.push(...parser.push(stream.slice(at, at + size)));
    expect(events).toEqual(whole);
  }
});

test('a stream that goes on starts from the id before', () => {
  const parser = sseParser('7');
  expect(parser.push('data: x\n\n')).toEqual([{ id: '7', data: 'x' }]);
});
