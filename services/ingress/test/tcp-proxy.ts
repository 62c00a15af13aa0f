import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type TcpProxy = {
  /** `host:port` to use instead of the server's. */
  address: string;
  /** Closes every connection and takes no new one, as a server that is gone. */
  cut: () => void;
  /** Keeps connections open and lets nothing through, as a server that hangs. */
  freeze: () => void;
  restore: () => void;
  stop: () => Promise<void>;
};

type State = 'open' | 'cut' | 'frozen';

/**
 * Stands between a client and a real server, to take the server away without stopping it. Kafka's brokers name their own address
 * in their answers; it is replaced by the proxy's, so that every connection comes this way.
 */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const [host = '', targetPort = ''] = target.split(':');
  let state: State = 'open';
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    if (state === 'cut') return client.destroy();
    const upstream = connect(Number(targetPort), host);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
      if (state === 'frozen') socket.pause();
    }
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk: Buffer) => client.write(renamed(chunk)));
    if (state === 'frozen') for (const socket of [client, upstream]) socket.pause();
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const theirs = kafkaAddress(host, Number(targetPort));
  const ours = kafkaAddress('127.0.0.1', port);

  function renamed(chunk: Buffer): Buffer {
    if (theirs.length !== ours.length) return chunk;
    for (let at = chunk.indexOf(theirs); at !== -1; at = chunk.indexOf(theirs, at)) ours.copy(chunk, at);
    return chunk;
  }

  return {
    address: `127.0.0.1:${port}`,
    cut: () => {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    freeze: () => {
      state = 'frozen';
      for (const socket of sockets) socket.pause();
    },
    restore: () => {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A broker's address as Kafka's protocol writes it: length, host, port in four bytes. */
function kafkaAddress(host: string, port: number): Buffer {
  const address = Buffer.alloc(2 + host.length + 4);
  address.writeUInt16BE(host.length);
  address.write(host, 2);
  address.writeInt32BE(port, 2 + host.length);
  return address;
}
