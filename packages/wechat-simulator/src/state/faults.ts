import type { Feed } from './feed.ts';

/**
 * Something that goes wrong on request.
 *
 * On `api` (a service calls the platform): `slow` answers later, `lost` closes the connection without an answer, before or after
 * the call took effect, `reset` does so with a TCP reset and no effect, `errcode` refuses, `http` answers an error page with that
 * status, `not-json` answers a page with status 200.
 * On `push` (the platform calls a service): `slow` holds the service's answer back, `lost` loses the push before delivery or its
 * answer after it, `reset` cuts the connection while the push is being sent.
 * On `pay` (a merchant calls WeChat Pay) and `notice` (WeChat Pay calls the merchant) there are more; the README says what each does.
 */
export const kindsOn = {
  api: ['slow', 'lost', 'reset', 'errcode', 'http', 'not-json'],
  push: ['slow', 'lost', 'reset'],
  pay: ['slow', 'lost', 'reset', 'error', 'http', 'not-json', 'unsigned', 'bad-signature', 'signtest'],
  notice: ['slow', 'lost', 'reset', 'dropped', 'doubled', 'delayed', 'tampered', 'stale', 'unknown-serial'],
} as const;
export type FaultPlace = keyof typeof kindsOn;
export type FaultKind = (typeof kindsOn)[FaultPlace][number];

export interface Fault {
  readonly id: number;
  readonly on: FaultPlace;
  readonly kind: FaultKind;
  /** slow, delayed: milliseconds. */
  readonly ms?: number | undefined;
  /** lost: before it takes effect, or after (only the answer is lost). */
  readonly when?: 'before' | 'after' | undefined;
  /** errcode: the code; 40001, 40014 and 42001 also end the token they meet, as on the platform. */
  readonly errcode?: number | undefined;
  /** error: WeChat Pay's code, in any spelling. */
  readonly code?: string | undefined;
  /** http, error: the status. */
  readonly status?: number | undefined;
  /** notice: only notices of this kind. */
  readonly of?: 'transaction' | 'refund' | undefined;
  /** How likely it meets a call it could meet, 0 to 1; always when left out. */
  readonly chance?: number | undefined;
  /** Only this interface, `/cgi-bin/message/custom/send`; ending in `*`, all that begin so. */
  readonly path?: string | undefined;
  readonly appid?: string | undefined;
  /** How many calls it still meets; undefined: until it is taken away. */
  left?: number | undefined;
}

export interface Faults {
  add(fault: Omit<Fault, 'id'>): Fault;
  remove(id: number): boolean;
  clear(): void;
  list(): readonly Fault[];
  /** The faults that meet this call, each counted: all slow ones and the first of the others. */
  take(on: Fault['on'], met: Met): FaultsMet;
}

/** A call or push, as far as faults ask about it. */
export interface Met {
  /** The interface; '' for pushes. */
  readonly path: string;
  readonly appid: string | undefined;
  /** Whether it carries an access token. */
  readonly withToken: boolean;
  /** notice: what it is about. */
  readonly of?: 'transaction' | 'refund';
}

/** The codes that say something about a token: such a fault lets the interfaces that hand out tokens pass. */
export const tokenCodes: readonly unknown[] = [40001, 40014, 42001];

const isPath = (wanted: string, path: string): boolean =>
  wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted;

function meets(fault: Fault, { path, appid, withToken, of }: Met): boolean {
  if (fault.path !== undefined ? !isPath(fault.path, path) : tokenCodes.includes(fault.errcode) && !withToken)
    return false;
  if (fault.of !== undefined && fault.of !== of) return false;
  return (fault.appid === undefined || fault.appid === appid) && Math.random() < (fault.chance ?? 1);
}

export interface FaultsMet {
  readonly delayMs: number;
  readonly other: Fault | undefined;
}

export function createFaults(feed: Feed): Faults {
  let lastId = 0;
  let faults: Fault[] = [];
  const changed = () => feed.publish('faults', faults);

  function count(fault: Fault): void {
    if (fault.left === undefined) return;
    fault.left -= 1;
    if (fault.left <= 0) faults = faults.filter((other) => other !== fault);
    changed();
  }

  return {
    add(fault) {
      lastId += 1;
      const made = { ...fault, id: lastId };
      faults = [...faults, made];
      changed();
      return made;
    },
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      changed();
      return faults.length < before;
    },
    clear() {
      faults = [];
      changed();
    },
    list: () => faults,
    take(on, met) {
      const meeting = faults.filter((fault) => fault.on === on && meets(fault, met));
      const slow = meeting.filter((fault) => fault.kind === 'slow');
      const other = meeting.find((fault) => fault.kind !== 'slow');
      for (const fault of other === undefined ? slow : [...slow, other]) count(fault);
      return { delayMs: slow.reduce((sum, fault) => sum + (fault.ms ?? 0), 0), other };
    },
  };
}
