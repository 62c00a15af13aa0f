import { chinaDay } from '../state/clock.ts';

/** How often one interface may be called. `perMinute` is left out where the platform names none. */
export interface QuotaLimit {
  readonly perDay: number;
  readonly perMinute?: number;
}

/** Start values of the platform's documentation (reference 5.2, 5.1, 11); interfaces that are not listed have `others`. */
const documented: Readonly<Record<string, QuotaLimit>> = {
  '/cgi-bin/token': { perDay: 2_000 },
  '/cgi-bin/stable_token': { perDay: 500_000, perMinute: 10_000 },
  '/cgi-bin/menu/create': { perDay: 1_000 },
  '/cgi-bin/menu/get': { perDay: 10_000 },
  '/cgi-bin/menu/delete': { perDay: 1_000 },
  '/cgi-bin/message/custom/send': { perDay: 500_000 },
  '/cgi-bin/message/template/send': { perDay: 100_000 },
  '/cgi-bin/message/subscribe/send': { perDay: 10_000_000 },
  '/cgi-bin/qrcode/create': { perDay: 100_000 },
  '/cgi-bin/user/get': { perDay: 500 },
  '/cgi-bin/user/info': { perDay: 5_000_000 },
  '/cgi-bin/user/info/updateremark': { perDay: 10_000 },
  '/cgi-bin/media/upload': { perDay: 100_000 },
  '/cgi-bin/media/get': { perDay: 200_000 },
  '/wxa/getwxacodeunlimit': { perDay: 10_000_000, perMinute: 5_000 },
};
const others: QuotaLimit = { perDay: 100_000 };

const clearsPerMonth = 10;
const pathClearsPerMonth = 50;

/** The counters of one account. Days and months are those of UTC+8; minutes are the clock's own. */
export interface QuotaBook {
  /** Counts one call: `ok`, or the code it is refused with (45009 for the day, 45011 for the minute). */
  take(path: string, now: number): 'ok' | 45009 | 45011;
  usage(path: string, now: number): { limit: QuotaLimit; used: number };
  /** Another limit than the documented one, to try what happens at its end. */
  setLimit(path: string, limit: QuotaLimit): void;
  /** All daily counters to nothing; 48006 from the eleventh time in a month on. Minute counters stay. */
  clearAll(now: number): 'ok' | 48006;
  /** One interface's counter; 48006 from the 51st time in a month on. */
  clearPath(path: string, now: number): 'ok' | 48006;
}

interface Counter {
  day: string;
  today: number;
  minute: number;
  thisMinute: number;
}

export function createQuotaBook(): QuotaBook {
  const counters = new Map<string, Counter>();
  const limits = new Map(Object.entries(documented));
  let clears = { month: '', all: 0, paths: 0 };

  function counterOf(path: string, now: number): Counter {
    const counter = counters.get(path) ?? { day: '', today: 0, minute: 0, thisMinute: 0 };
    counters.set(path, counter);
    const day = chinaDay(now);
    const minute = Math.floor(now / 60_000);
    if (counter.day !== day) Object.assign(counter, { day, today: 0 });
    if (counter.minute !== minute) Object.assign(counter, { minute, thisMinute: 0 });
    return counter;
  }

  const limitOf = (path: string): QuotaLimit => limits.get(path) ?? others;

  function clearsIn(now: number): typeof clears {
    const month = chinaDay(now).slice(0, 7);
    if (clears.month !== month) clears = { month, all: 0, paths: 0 };
    return clears;
  }

  return {
    take(path, now) {
      const counter = counterOf(path, now);
      const { perDay, perMinute } = limitOf(path);
      if (counter.today >= perDay) return 45009;
      if (perMinute !== undefined && counter.thisMinute >= perMinute) return 45011;
      counter.today += 1;
      counter.thisMinute += 1;
      return 'ok';
    },
    usage: (path, now) => ({ limit: limitOf(path), used: counterOf(path, now).today }),
    setLimit: (path, limit) => void limits.set(path, limit),
    clearAll(now) {
      const used = clearsIn(now);
      if (used.all >= clearsPerMonth) return 48006;
      used.all += 1;
      for (const counter of counters.values()) counter.today = 0;
      return 'ok';
    },
    clearPath(path, now) {
      const used = clearsIn(now);
      if (used.paths >= pathClearsPerMonth) return 48006;
      used.paths += 1;
      counterOf(path, now).today = 0;
      return 'ok';
    },
  };
}
