import { startCheck } from '../audit/check.ts';
import type { Check } from '../audit/check.ts';
import type { Place } from '../audit/place.ts';
import { bytesOf, bytes as flags, doubles, words } from './columns.ts';
import { keyTable } from './key-table.ts';

/** The rarer facts (of campaigns, of a coupon's life, of payment) by their id: each once, and a second one equal to it. 40 bytes each. */
export function startFactIds(placeText: (place: Place) => string) {
  const ids = keyTable();
  const digests = words();
  const places = doubles();
  const marks = flags();
  let again = 0;
  return {
    /** Whether this is the first under its id. */
    isNew({ id, digest, place }: { id: string; digest: number; place: Place }, check: Check): boolean {
      const before = ids.size();
      const fact = ids.put(id);
      if (fact === before) {
        digests.set(fact, digest);
        places.set(fact, place);
        return true;
      }
      again += 1;
      marks.set(fact, marks.get(fact) | AGAIN);
      if (digests.get(fact) !== digest)
        check.found(`${id}: 同一 id 两种内容 one id, two facts: ${placeText(places.get(fact))} ≠ ${placeText(place)}`);
      return false;
    },
    find: (id: string) => ids.find(id),
    count: () => ids.size(),
    place: (fact: number): Place => places.get(fact),
    marks,
    publishedAgain: () => again,
    bytes: () => bytesOf([ids, digests, places, marks]),
  };
}

/** Marks of a fact: published again after a crash; written in the log. */
export const AGAIN = 1;
export const LOGGED = 2;

export type FactIds = ReturnType<typeof startFactIds>;

export const factsCheck = () => startCheck('facts', '一因一果 one fact per id, one outcome per push');
