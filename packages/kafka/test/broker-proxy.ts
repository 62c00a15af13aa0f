import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

const PRODUCE = 0;
const FIND_COORDINATOR = 10;

/**
 * Stands between a client and one broker, so that a test can take the broker away and bring it back. The broker tells clients
 * its own port in its answers; this one is put there instead, so that they keep coming through here.
 */
export async function brokerProxy(broker: string) {
  const [host, upstreamPort] = [broker.slice(0, broker.lastIndexOf(':')), Number(broker.split(':').at(-1))];
  const sockets = new Set<Socket>();
  let requests = 0;
  let coordinatorRefusals = 0;

  const serve = (port: number): Promise<Server> => {
    const server = createServer((client) => {
      const upstream = connect(upstreamPort, host);
      const ends = [client, upstream];
      for (const socket of ends) {
        sockets.add(socket);
        socket.on('error', () => undefined); // both ends are closed below
        socket.on('close', () => {
          sockets.delete(socket);
          for (const other of ends) other.destroy();
        });
      }
      const count = countRequests((apiKey) => {
        if (apiKey === PRODUCE) requests++;
        if (apiKey === FIND_COORDINATOR && coordinatorRefusals-- > 0) client.destroy();
      });
      client.on('data', (chunk: Buffer) => {
        count(chunk);
        if (!client.destroyed) upstream.write(chunk);
      });
      upstream.on('data', (chunk: Buffer) => client.write(withPort(chunk, upstreamPort, ownPort)));
    });
    server.listen(port, '127.0.0.1');
    return once(server, 'listening').then(() => server);
  };

  let server = await serve(0);
  const ownPort = (server.address() as AddressInfo).port;
  return {
    address: `127.0.0.1:${ownPort}`,
    /** Produce requests that came through. */
    produceRequests: () => requests,
    /** The next `times` who ask for a group's coordinator lose their connection instead, as at a broker that is still starting. */
    refuseCoordinator: (times: number) => void (coordinatorRefusals = times),
    /** Ends every connection and takes no new ones. */
    cut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    restore: async () => {
      server = await serve(ownPort);
    },
  };
}

/** Replaces the broker's port where it follows a host's last letter, as in Kafka's metadata (a 32-bit number). */
function withPort(chunk: Buffer, from: number, to: number): Buffer {
  const pattern = Buffer.alloc(4);
  pattern.writeUInt32BE(from);
  const changed = Buffer.from(chunk);
  for (let at = changed.indexOf(pattern); at > 0; at = changed.indexOf(pattern, at + 4)) {
    if (/[a-z0-9]/i.test(String.fromCharCode(changed[at - 1]!))) changed.writeUInt32BE(to, at);
  }
  return changed;
}

/** Follows a stream of requests (a 32-bit size, then a 16-bit api key) and calls back for each. */
function countRequests(onRequest: (apiKey: number) => void) {
  let pending = Buffer.alloc(0);
  return (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 6 && pending.length >= 4 + pending.readUInt32BE(0)) {
      onRequest(pending.readInt16BE(4));
      pending = pending.subarray(4 + pending.readUInt32BE(0));
    }
  };
}
