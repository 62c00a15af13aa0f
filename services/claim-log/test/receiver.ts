import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Item } from './system.ts';

export type Received = {
  headers: IncomingHttpHeaders;
  body: string;
  message: { type: string; timestamp: string; data: Item };
};

/** A team's server: keeps what it gets and answers as it is told. */
export async function receiver() {
  const received: Received[] = [];
  const self = {
    received,
    /** Answers a message; the default is 204. */
    answer: (response: ServerResponse, _received: Received): void => void response.writeHead(204).end(),
    codes: () => received.map(({ message }) => message.data.code),
    /** Checks every message with the public library, which throws when a signature is not that of the secret. */
    verifyAll: (secret: string) =>
      received.map(({ body, headers }) => new Webhook(secret).verify(body, headers as Record<string, string>)),
    url: '',
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const one = { headers: request.headers, body, message: JSON.parse(body) as Received['message'] };
      received.push(one);
      self.answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return self;
}

export type Receiver = Awaited<ReturnType<typeof receiver>>;
