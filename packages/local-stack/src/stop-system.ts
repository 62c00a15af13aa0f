import { rmSync } from 'node:fs';
import type { Layout } from './layout.ts';
import { endLeftovers } from './leftovers.ts';
import { pidFiles } from './processes/pid-files.ts';
import type { Say } from './terminal.ts';
import { stopwatch } from './terminal.ts';
import { waitUntil } from './waiting.ts';

/** The supervisor gives services 16 s and then servers 15 s. */
const supervisorWithinMs = 45_000;

/**
 * Stops the system of one LOCAL_DIR: its supervisor, and through it everything else; then whatever a killed supervisor left.
 * Data, logs and secrets stay; pid files and servers.json go.
 */
export async function stopSystem(layout: Layout, say: Say): Promise<void> {
  const elapsed = stopwatch();
  const pids = pidFiles(layout.run);
  const supervisor = pids.alive('supervisor');
  if (supervisor !== undefined) {
    say('… 正在停止 stopping');
    process.kill(supervisor, 'SIGTERM');
    const gone = async () => {
      if (pids.alive('supervisor') === supervisor) throw new Error('the supervisor is still at work');
    };
    await waitUntil(gone, { withinMs: supervisorWithinMs }).catch(() => process.kill(supervisor, 'SIGKILL'));
  }
  const ended = await endLeftovers(layout);
  rmSync(layout.run, { recursive: true, force: true });
  if (supervisor === undefined && ended.length === 0) say(`没有在运行 nothing was running (${layout.dir})`);
  else say(`■ 已停止 stopped ${elapsed()}`);
}
