import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { openPlatform } from './call.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (handler: RequestListener) => listening(createServer(handler));

function calling(baseUrl: string, timeoutMs = 2000) {
  const platform = openPlatform({ baseUrl, timeoutMs });
  closing.push(platform.close);
  return platform.call({
    method: 'POST',
    path: '/send',
    query: { access_token: 'A&T' },
    body: { 名: '券' },
    secrets: [],
  });
}

test('it sends JSON in UTF-8 below the base address, with the query escaped', async () => {
  let seen = '';
  const url = await serve((request, response) => {
    request.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    request.on('end', () => {
      seen = `${request.method} ${request.url} ${seen}`;
      response.end('{"errcode":0,"msgid":3599307433715204104}');
    });
  });
  expect(await calling(`${url}/wx/`)).toEqual({ kind: 'ok', value: { errcode: 0, msgid: '3599307433715204104' } });
  expect(seen).toBe('POST /wx/send?access_token=A%26T {"名":"券"}');
});

test('when nobody listens the request was not sent', async () => {
  const url = await serve(() => undefined);
  for (const close of closing.splice(0)) await close();
  expect(await calling(url)).toEqual({ kind: 'failed', failure: 'not_sent', errcode: 0, detail: 'ECONNREFUSED' });
});

test('when the name is not known the request was not sent', async () => {
  expect(await calling('http://nowhere.invalid')).toMatchObject({ failure: 'not_sent' });
});

test('when the other side speaks no TLS the request was not sent', async () => {
  const url = await listening(
    createTcpServer((socket) => socket.on('error', () => undefined).write('what?', () => socket.destroy())),
  );
  expect(await calling(url.replace('http', 'https'))).toMatchObject({ failure: 'not_sent' });
});

test('when no answer comes in time it is uncertain', async () => {
  let hang: (() => void) | undefined;
  const url = await serve((request) => (hang = () => request.socket.destroy()));
  expect(await calling(url, 100)).toMatchObject({ failure: 'uncertain', detail: 'TimeoutError' });
  hang?.();
});

test('when the connection is cut before or within the answer it is uncertain', async () => {
  const before = await serve((request) => request.socket.destroy());
  expect(await calling(before)).toMatchObject({ failure: 'uncertain' });
  const within = await serve((_, response) => {
    response.writeHead(200, { 'content-length': '40' });
    response.write('{"errcode"', () => response.destroy());
  });
  expect(await calling(within)).toMatchObject({ failure: 'uncertain' });
});

test('an answer without end is cut off', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200);
    const more = () => response.write('x'.repeat(65_536), (error) => error ?? more());
    more();
  });
  expect(await calling(url)).toMatchObject({ failure: 'uncertain', detail: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });
});
