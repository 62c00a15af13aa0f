import { join } from 'node:path';
import { messageOf } from '@lingquan/errors';
import { containerService } from '../container-service.ts';
import { checkout, layoutOf } from '../layout.ts';
import { keptSecrets } from '../secrets.ts';
import { services, simulator } from '../service-table.ts';
import { ownEnvironment } from '../service-environment.ts';
import { merchantFiles } from '../trial-settings.ts';

const { SERVICE, LOCAL_DIR } = process.env;

/**
 * With a folder for them, secrets and a merchant's files for trying the system out are made there once; what is given wins. Only the
 * simulator has the platform and WeChat Pay at one address: with any other the merchant must be a real one.
 */
async function useKeptSettings(): Promise<void> {
  const layout = layoutOf(LOCAL_DIR);
  setWhereEmpty(keptSecrets(layout.secretsFile));
  const { WECHAT_API_URL, WECHAT_PAY_URL } = process.env;
  if (WECHAT_PAY_URL && WECHAT_PAY_URL === WECHAT_API_URL) setWhereEmpty(await merchantFiles(layout.dir, process.env));
}

function setWhereEmpty(settings: Record<string, string>): void {
  for (const [name, value] of Object.entries(settings)) process.env[name] ||= value;
}

async function startService(): Promise<void> {
  const service = containerService(SERVICE);
  const environment = process.env as Record<string, string>;
  const own = ownEnvironment(service, [...services, simulator], environment);
  for (const name of Object.keys(environment)) if (!(name in own)) delete process.env[name];
  await import(join(checkout, service.entry));
}

try {
  if (LOCAL_DIR) await useKeptSettings();
  if (SERVICE === 'demo') await import(join(checkout, 'packages/local-stack/src/bin/demo.ts'));
  else await startService();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
