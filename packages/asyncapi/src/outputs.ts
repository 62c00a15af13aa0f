import { readSchemas } from './schemas.ts';
import { asyncapiDocument } from './document.ts';
import { describeTopics } from './events.ts';
import { page } from './page/page.ts';

/** Where the generated files stand. */
export const outputFolder = new URL('../../../docs/asyncapi/', import.meta.url);

/** What `docs/asyncapi` holds, made from `proto/` and the topic list as they are now, by the files' names. */
export function outputs(): Record<'asyncapi.json' | 'index.html', string> {
  const topics = describeTopics(readSchemas());
  return { 'asyncapi.json': `${JSON.stringify(asyncapiDocument(topics), null, 2)}\n`, 'index.html': page(topics) };
}
