import { messageOf } from '@lingquan/errors';
import { layoutOf } from '../layout.ts';
import { stopSystem } from '../stop-system.ts';
import { createSay } from '../terminal.ts';

try {
  await stopSystem(layoutOf(process.env['LOCAL_DIR']), createSay(undefined, false));
} catch (error) {
  process.stderr.write(`✗ ${messageOf(error)}\n`);
  process.exitCode = 1;
}
