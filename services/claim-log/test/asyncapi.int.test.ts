import { expect, test } from '@jest/globals';
import { logSystem } from './system.ts';

test('claim-log serves what the events mean, to whoever asks', async () => {
  await using log = await logSystem('asyncapi');
  expect(await log.get('/asyncapi.json')).toMatchObject({ status: 200, body: { asyncapi: '3.0.0' } });
});
