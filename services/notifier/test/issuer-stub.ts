import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ReplySchema } from '@lingquan/events/gen/lingquan/ingress/v1/replies_pb.ts';

export type Outcome = NonNullable<MessageInitShape<typeof ReplySchema>['outcome']>;

/** The coupon issuer's `GET /outcomes/{causeId}` over a table, with the same answers. `down` makes it answer 503. */
export async function issuerStub() {
  const outcomes = new Map<string, Outcome>();
  const stub = { outcomes, asked: 0, down: false };
  const server = createServer((request, response) => {
    stub.asked++;
    const causeId = request.url!.slice('/outcomes/'.length);
    const outcome = outcomes.get(causeId);
    if (stub.down) response.writeHead(503).end();
    else if (outcome === undefined) response.writeHead(404).end('{"error":"not_found"}');
    else
      response
        .writeHead(200, { 'content-type': 'application/protobuf' })
        .end(toBinary(ReplySchema, create(ReplySchema, { causeId, outcome })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return Object.assign(stub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop });
}
