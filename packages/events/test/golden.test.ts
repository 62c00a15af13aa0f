import { expect, test } from '@jest/globals';
import { decodedOf, kindOf, kindsOn, readGoldens, topicNames } from './golden-files.ts';
import { envelopeOf } from '../src/envelope.ts';

const recorded = topicNames.flatMap((topic) => readGoldens(topic).map(({ name, golden }) => ({ topic, name, golden })));
const kindOfFile = (name: string): string => name.replace(/@\d+$/, '');

test.each(recorded)('$topic $name reads as it did when it was recorded', ({ topic, name, golden }) => {
  const { message, json } = decodedOf(golden.topic, Buffer.from(golden.value, 'base64'));
  expect(json).toStrictEqual(golden.decoded);
  expect(golden.topic).toBe(topic);
  expect(kindOf(golden.topic, message)).toBe(kindOfFile(name));
  expect(kindOfFile(name).startsWith(envelopeOf(golden.headers).type)).toBe(true);
});

test.each(topicNames.map((topic) => ({ topic })))('every kind on $topic is on record', ({ topic }) => {
  const names = new Set(recorded.filter((one) => one.topic === topic).map(({ name }) => kindOfFile(name)));
  expect(kindsOn(topic).filter((kind) => !names.has(kind))).toStrictEqual([]); // missing: see golden/README.md
});
