import { hash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { describeTopics } from '../events.ts';
import { readSchemas } from '../schemas.ts';
import { page } from './page.ts';

const topics = describeTopics(readSchemas());
const text = page(topics);
const all = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);

test('every event has its section, its place in the contents and an example', () => {
  for (const { type, meaning } of topics.flatMap(({ events }) => events)) {
    const section = text.split(`<article class="event" id="${type}"`)[1]!.split('</article>')[0]!;
    expect(section).toContain(meaning.zh);
    expect(section).toMatch(/<pre[^>]*>\{/);
    expect(text).toContain(`<a href="#${type}">`);
  }
});

test('every link within the page leads somewhere, and ids are unique', () => {
  const ids = all(/\sid="([^"]+)"/g);
  expect(new Set(ids).size).toBe(ids.length);
  expect(all(/href="#([^"]+)"/g).filter((id) => !ids.includes(id))).toEqual([]);
  expect(all(/(?:aria-labelledby|aria-controls|for)="([^"]+)"/g).filter((id) => !ids.includes(id))).toEqual([]);
});

test('asks for nothing from elsewhere and runs nothing but its own script', () => {
  expect(all(/\s(?:src|href)="([^"#][^"]*)"/g)).toEqual(['asyncapi.json']);
  const policy = text.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/)![1]!;
  const sha256 = (element: string) => {
    const [, content] = new RegExp(`<${element}>([^]*?)</${element}>`).exec(text)!;
    return `'sha256-${hash('sha256', content!, 'base64')}'`;
  };
  expect(policy).toBe(
    `default-src 'none'; style-src ${sha256('style')}; script-src ${sha256('script')}; base-uri 'none'; form-action 'none'`,
  );
  expect(text).not.toMatch(/\sstyle="|\son[a-z]+="/);
});

test('is quick to load', () => {
  expect(Buffer.byteLength(text)).toBeLessThan(600_000);
});
