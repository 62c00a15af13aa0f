import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One question to a stand-in. */
export type Asked = { method: string; path: string; query: Record<string, string>; body: unknown };
export type Answered = { status?: number; json: unknown };

/** Another service, or the platform, over real HTTP: it answers what the test says. */
export type StandIn = {
  url: string;
  asked: Asked[];
  answer: (asked: Asked) => Answered;
  stop: () => Promise<void>;
};

export async function standIn(answer: StandIn['answer']): Promise<StandIn> {
  const one: StandIn = { url: '', asked: [], answer, stop: async () => undefined };
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://stand-in');
      const body: unknown = sent === '' ? undefined : JSON.parse(sent);
      const asked = { method: request.method!, path: pathname, query: Object.fromEntries(searchParams), body };
      one.asked.push(asked);
      const { status = 200, json } = one.answer(asked);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  one.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  one.stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return one;
}
