import type { Session } from '../../store/sessions.ts';

/** One request, as a handler sees it. Everything in it is a stranger's word. */
export type ApiCall = {
  /** The pieces of the path a route names. */
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, unknown>>;
  /** The parsed body of a POST. */
  body: unknown;
  header: (name: string) => string;
  /** Where it came from. */
  address: string;
  /** Milliseconds since 1970. */
  nowMs: number;
};

export type ApiAnswer = { status: number; body: unknown };

/** One address of the API. `access` says who may; a session's handler knows whose it is. */
export type ApiRoute = { method: 'GET' | 'POST'; path: string } & (
  | {
      access: 'anyone';
      /** Throws a Refusal for who may not, before the body is read. */
      admit?: (call: Pick<ApiCall, 'header'>) => void;
      handle: (call: ApiCall) => Promise<ApiAnswer> | ApiAnswer;
    }
  | { access: 'session'; handle: (call: ApiCall & { session: Session }) => Promise<ApiAnswer> | ApiAnswer }
);

export const ok = (body: unknown): ApiAnswer => ({ status: 200, body });
