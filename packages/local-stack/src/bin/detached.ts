import type { DetachedMessage } from '../detach.ts';
import { runSystem } from '../run-system.ts';
import { shutdownRequested } from '../shutdown.ts';
import { parseStartArguments } from '../start-options.ts';

// Once ready, the process that waited goes away, and that means nothing.
let waitedFor = true;
const signal = shutdownRequested(() => waitedFor);
const tell = (message: DetachedMessage) => new Promise<void>((told) => process.send!(message, () => told()));
const onReady = () => {
  waitedFor = false;
  void tell({ ready: true });
};
const code = await runSystem(parseStartArguments(process.argv.slice(2)), { signal, detached: true, onReady });
if (process.connected) await tell({ ended: true }); // what was said before has arrived when this has
process.exit(code);
