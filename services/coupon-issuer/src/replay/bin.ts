import { codeOf, messageOf } from '@lingquan/errors';
import { createLog } from '@lingquan/log';
import { replayConfig } from './config.ts';
import { runReplay } from './run-replay.ts';

/**
 * Decides a recording again: `lingquan replay` runs this as a process of its own, and says what by REPLAY_… (see config.ts). Writes JSON to
 * standard output, one line at most a second on its way (`{"progress":…}`), and the report last (`{"report":…}`). Killed at any
 * moment, the next run with the same settings goes on where the store stands.
 */
const say = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const config = replayConfig(process.env);
  let toldAt = performance.now();
  const report = await runReplay(config, {
    log: createLog({ service: 'replay', level: 'error' }),
    onProgress: (progress) => {
      if (performance.now() - toldAt < 500) return;
      toldAt = performance.now();
      say({ progress });
    },
  });
  say({ report });
} catch (error) {
  say({ error: { code: codeOf(error), message: messageOf(error) } });
  process.exitCode = 1;
}
