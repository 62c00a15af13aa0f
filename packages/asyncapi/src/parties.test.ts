import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { topics } from '@lingquan/events';
import type { TopicName } from '@lingquan/events/catalogue.ts';
import { flows, parties, withDeadLetters } from './parties.ts';
import type { Party } from './parties.ts';

const services = fileURLToPath(new URL('../../../services/', import.meta.url));

/** What a service's sources name. */
const sourcesOf = (service: string): string =>
  globSync(`${services}${service}/src/**/*.ts`)
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

const inHouse: Party[] = (Object.keys(parties) as Party[]).filter((who) => who !== 'lingquan' && who !== 'teams');

test.each(inHouse)('%s writes and reads the topics its sources name, and no others', (service) => {
  const named = new Set(
    [...sourcesOf(service).matchAll(/\btopics\.(\w+)/g)].map(([, key]) => topics[key as keyof typeof topics].name),
  );
  const drawn = Object.entries(flows).flatMap(([topic, { writers, readers }]) =>
    [...writers, ...readers].includes(service) ? [topic] : [],
  );
  expect(new Set(drawn)).toEqual(new Set(named));
});

test('dead letters are of what a service reads by positions of its own', () => {
  const read = Object.entries(flows).filter(
    ([topic, { readers }]) => topic !== 'ingress.replies' && readers.some((who) => inHouse.includes(who)),
  );
  expect(new Set<TopicName>(withDeadLetters)).toEqual(new Set(read.map(([topic]) => topic)));
});
