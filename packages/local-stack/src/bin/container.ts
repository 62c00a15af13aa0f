import { join } from 'node:path';
import { messageOf } from '@lingquan/errors';
import { containerService } from '../container-service.ts';
import { checkout, layoutOf } from '../layout.ts';
import { keptSecrets } from '../secrets.ts';

const { SERVICE, LOCAL_DIR } = process.env;

/** With a folder for them, secrets for trying the system out are generated there once; what is given wins. */
function useKeptSecrets(): void {
  for (const [name, value] of Object.entries(keptSecrets(layoutOf(LOCAL_DIR).secretsFile))) process.env[name] ||= value;
}

try {
  if (LOCAL_DIR) useKeptSecrets();
  const entry = SERVICE === 'demo' ? 'packages/local-stack/src/bin/demo.ts' : containerService(SERVICE).entry;
  await import(join(checkout, entry));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
