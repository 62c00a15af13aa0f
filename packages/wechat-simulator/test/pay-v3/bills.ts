import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { expect, test } from '@jest/globals';
import { bed, today, minute, day, paidOrder } from './desk.ts';

/** When there is a bill, and for how long its link is good. */
export function bills(): void {
  test('bills: not before ten the next day, none of a day without trade, gone after thirty seconds', async () => {
    const { merchant } = bed;
    const sim = bed.control();
    const bill = (query: string) => merchant.get(`/v3/bill/tradebill?${query}`);
    await paidOrder('T-bill-1');
    const date = today();
    expect(await bill(`bill_date=${date}`)).toMatchObject({ status: 400, json: { code: 'STATEMENT_CREATING' } });
    const tenNextDay = Date.parse(`${date}T10:00:00+08:00`) + day;
    await sim.shiftClock(tenNextDay - Date.now() - minute);
    expect(await bill(`bill_date=${date}`)).toMatchObject({ json: { code: 'STATEMENT_CREATING' } });
    await sim.shiftClock(tenNextDay - Date.now() + minute);
    const packed = await bill(`bill_date=${date}&tar_type=GZIP`);
    expect(packed).toMatchObject({ status: 200, signature: 'ok' });
    expect(await bill('bill_date=2026-01-02')).toMatchObject({ status: 400, json: { code: 'NO_STATEMENT_EXIST' } });
    expect(await bill('bill_date=2026-02-30')).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
    expect(await bill(`bill_date=${date}&bill_type=REFUND`)).toMatchObject({ json: { code: 'NO_STATEMENT_EXIST' } });
    const flow = await merchant.get(`/v3/bill/fundflowbill?bill_date=${date}`);
    expect(flow).toMatchObject({ status: 200, signature: 'ok' });

    const address = new URL(String(packed.json['download_url']));
    const file = await merchant.get(address.pathname + address.search);
    expect(createHash('sha1').update(gunzipSync(file.body)).digest('hex')).toBe(packed.json['hash_value']);
    const unsigned = await request(address, { headers: { accept: '*/*', 'user-agent': 'x' } });
    expect(unsigned.statusCode).toBe(401);
    await unsigned.body.dump();
    await sim.shiftClock(tenNextDay - Date.now() + 2 * minute);
    expect(await merchant.get(address.pathname + address.search)).toMatchObject({
      status: 400,
      json: { code: 'INVALID_REQUEST' },
    });
  });
}
