import { runService } from '@lingquan/service';
import { config } from './config.ts';
import { start } from './main.ts';

await runService('payment', (env, host) => start(config(env), host));
