import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { AppError } from '@lingquan/errors';

/**
 * Ports are taken from below the range the system hands out for outgoing connections (32768 and up on Linux). Inside it a
 * restarted server could find its port used by somebody's outgoing connection; a client that keeps trying to reach it on this
 * machine can even connect to itself and hold the port.
 */
const firstPort = 20_000;
const lastPort = 29_999;

/** Whether a server could listen on this port: nobody listens there on 127.0.0.1 or on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await canListen(port));
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return true;
  } catch {
    return false;
  }
}

/**
 * A free port: `remembered` if it still is free, else the first one counting up from a place that `seed` (the system's id,
 * hexadecimal) decides, so that systems beside each other do not meet. Ports in `taken` are left out, and the chosen one is added.
 */
export async function choosePort(
  { remembered, seed, taken }: { remembered?: number | undefined; seed: string; taken: Set<number> },
  free: (port: number) => Promise<boolean> = isFree,
): Promise<number> {
  const count = lastPort - firstPort + 1;
  const start = Number.parseInt(seed, 16) % count;
  const candidates = Array.from({ length: count }, (_, step) => firstPort + ((start + step) % count));
  for (const port of remembered === undefined ? candidates : [remembered, ...candidates]) {
    if (taken.has(port) || !(await free(port))) continue;
    taken.add(port);
    return port;
  }
  throw new AppError('unavailable', `no free port between ${firstPort} and ${lastPort}`);
}
