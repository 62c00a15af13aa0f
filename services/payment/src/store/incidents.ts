import { uuidOf } from '@lingquan/events';
import type { PoolClient } from 'pg';
import type { Incident } from '../domain/incident.ts';
import { instant } from './columns.ts';
import type { Queries } from './columns.ts';

export const incidentId = ({ kind, outTradeNo, of }: Incident): string => uuidOf('incident', kind, outTradeNo, of);

/** Keeps incidents that are not known yet; resolves with the ids of those. */
export async function saveIncidents(
  client: PoolClient,
  found: readonly { incident: Incident; atMs: number }[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'incident-save',
    text: `insert into incident (id, kind, out_trade_no, out_refund_no, evidence, found_at)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[])
           on conflict (id) do nothing returning id`,
    values: [
      found.map(({ incident }) => incidentId(incident)),
      found.map(({ incident }) => incident.kind),
      found.map(({ incident }) => incident.outTradeNo),
      found.map(({ incident }) => incident.outRefundNo ?? null),
      found.map(({ incident }) => JSON.stringify(incident.evidence)),
      found.map(({ atMs }) => instant(atMs)),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}

export type Resolution = { id: string; note: string; atMs: number };

/** Ends these incidents; resolves with those that were open, and the order each is about. */
export async function resolveIncidents(
  client: PoolClient,
  resolutions: Resolution[],
): Promise<{ id: string; outTradeNo: string }[]> {
  const { rows } = await client.query<{ id: string; out_trade_no: string }>({
    name: 'incident-resolve',
    text: `update incident i set resolved_at = r.at, note = r.note
           from (select distinct on (id) * from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as r (id, note, at)) r
           where i.id = r.id and i.resolved_at is null returning i.id, i.out_trade_no`,
    values: [
      resolutions.map(({ id }) => id),
      resolutions.map(({ note }) => note),
      resolutions.map(({ atMs }) => instant(atMs)),
    ],
  });
  return rows.map((row) => ({ id: row.id, outTradeNo: row.out_trade_no }));
}

type IncidentRow = {
  id: string;
  kind: string;
  out_trade_no: string;
  out_refund_no: string | null;
  evidence: Record<string, unknown>;
  found_at: Date;
  resolved_at: Date | null;
  note: string | null;
};

/** The newest incidents: open or resolved ones, or all. */
export async function listIncidents(client: Queries, state: 'open' | 'resolved' | undefined, max: number) {
  const which = { open: 'where resolved_at is null', resolved: 'where resolved_at is not null', all: '' };
  const { rows } = await client.query<IncidentRow>(
    `select * from incident ${which[state ?? 'all']} order by found_at desc limit $1`,
    [max],
  );
  return rows.map((row) => ({
    incidentId: row.id,
    kind: row.kind,
    outTradeNo: row.out_trade_no,
    outRefundNo: row.out_refund_no,
    evidence: row.evidence,
    foundAt: row.found_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    note: row.note,
  }));
}
