import { expect, test } from '@jest/globals';
import { deduplicated } from './deduplicated.ts';
import type { EventOf } from './event.ts';

const event = (id: string) => ({ id }) as EventOf;
const collecting = () => {
  const got: string[] = [];
  return { got, handler: (events: EventOf[]) => void got.push(...events.map(({ id }) => id)) };
};

test('each id is handed over once, also within a batch; an empty rest is not', async () => {
  const { got, handler } = collecting();
  let calls = 0;
  const once = deduplicated((events: EventOf[]) => {
    calls++;
    handler(events);
  });
  await once([event('a'), event('a'), event('b')], undefined);
  await once([event('b')], undefined);
  await once([event('b'), event('c')], undefined);
  expect([got, calls]).toEqual([['a', 'b', 'c'], 2]);
});

test('what the handler threw on comes again', async () => {
  const { got, handler } = collecting();
  let away = true;
  const once = deduplicated((events: EventOf[]) => {
    if (away) throw new Error('away');
    handler(events);
  });
  await expect(once([event('a')], undefined)).rejects.toThrow('away');
  away = false;
  await once([event('a')], undefined);
  expect(got).toEqual(['a']);
});

test('only the latest are remembered', async () => {
  const { got, handler } = collecting();
  const once = deduplicated(handler, { max: 2 });
  await once(['a', 'b', 'c', 'd'].map(event), undefined);
  await once([event('a'), event('d')], undefined);
  expect(got).toEqual(['a', 'b', 'c', 'd', 'a']);
});
