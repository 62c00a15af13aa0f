import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { outputFolder, outputs } from './outputs.ts';

test.each(Object.entries(outputs()))(
  'docs/asyncapi/%s is what the schemas and topics make now; else: npm run generate',
  (name, text) => {
    // Compared whole: the difference would fill the terminal.
    expect(readFileSync(new URL(name, outputFolder), 'utf8') === text).toBe(true);
  },
);
