import type { LogSystem } from './system.ts';

export type Shown = {
  id: string;
  secret: string;
  url: string;
  state: string;
  owner: string;
  types: string[] | null;
  campaign: string | null;
  pending: number;
  retrying: number;
  behind: number;
  previousSecretUntil: string | null;
};
export type Delivered = {
  id: number;
  eventId: string;
  type: string;
  state: string;
  attempts: number;
  nextTryAt: string | null;
  lastTryAt: string | null;
  answerStatus: number | null;
  error: string | null;
  durationMs: number | null;
};

/** The webhook interface as a team's script uses it; a refusal is returned like any answer. */
export function webhookClient(system: Pick<LogSystem, 'url'>, token?: string) {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what a test expects to be answered
  const call = async <T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const response = await fetch(`${system.url()}/webhooks${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  return {
    call,
    create: async (terms: object): Promise<Shown> => (await call<Shown>('POST', '', terms)).body,
    show: async (id: string): Promise<Shown> => (await call<Shown>('GET', `/${id}`)).body,
    change: (id: string, change: object) => call<Shown>('PATCH', `/${id}`, change),
    deliveries: async (id: string, query = ''): Promise<Delivered[]> =>
      (await call<{ items: Delivered[] }>('GET', `/${id}/deliveries?limit=500&${query}`)).body.items,
  };
}
