import { createLog } from '@lingquan/log';
import { listen } from '@lingquan/http';
import { Registry } from 'prom-client';
import { Agent } from 'undici';
import { platformRoutes } from './api/index.ts';
import type { Config } from './config.ts';
import { controlRoutes } from './control/index.ts';
import { pageRoutes } from './page.ts';
import { startPay } from './pay/index.ts';
import { createPusher } from './push/push.ts';
import { createWorld } from './state/world.ts';

export interface Simulator {
  /** Where the platform's interfaces, the control interface and the chat page are. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Builds the platform and starts it. Everything it knows is in memory and ends with it. */
export async function start(config: Config): Promise<Simulator> {
  await using opened = new AsyncDisposableStack(); // closes what is open if a later line throws
  const log = createLog({ service: 'wechat-simulator', level: config.logLevel });
  const world = createWorld(config.accounts);
  const stopping = new AbortController();
  const dispatcher = opened.adopt(new Agent({ connections: 256 }), (agent) => agent.destroy());
  const { pushTimeoutMs: timeoutMs, retryPauseMs } = config;
  const delivery = { dispatcher, timeoutMs, retryPauseMs, faults: world.faults, stopping: stopping.signal };
  const noticing = { dispatcher, timeoutMs, stopping: stopping.signal };
  const payPlatform =
    config.pay &&
    opened.adopt(await startPay(config.pay, { world, log, host: config.host, ...noticing }), (pay) => pay.stop());
  let url = '';
  const pusher = createPusher(world, delivery, () => url);

  const routes = [
    await pageRoutes(),
    controlRoutes({ world, pusher, payPlatform, dispatcher, config, stopping: stopping.signal }),
    ...(payPlatform === undefined ? [] : [payPlatform.routes]),
    platformRoutes({ world, pusher, log }, config),
  ];
  const { host, port } = config;
  const http = opened.adopt(
    await listen({ host, port, log, metrics: new Registry(), ready: () => undefined, routes }),
    (server) => server.stop(),
  );
  url = http.url;
  opened.defer(() => stopping.abort()); // first: ends pushes under way and open streams, which would hold the server
  log.info({ url, accounts: config.accounts.length, payTlsUrl: payPlatform?.tlsUrl }, 'simulator is ready');
  const running = opened.move();
  return { url, stop: () => running.disposeAsync() };
}
