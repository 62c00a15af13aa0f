// `npm run generate`: writes the document and its page.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { outputFolder, outputs } from './outputs.ts';

mkdirSync(outputFolder, { recursive: true });
for (const [name, text] of Object.entries(outputs())) {
  const file = new URL(name, outputFolder);
  writeFileSync(file, text);
  console.log(`${fileURLToPath(file)} ${Math.round(Buffer.byteLength(text) / 1024)} kB`);
}
