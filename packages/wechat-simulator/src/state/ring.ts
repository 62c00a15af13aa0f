/** A list that forgets its oldest entries, so that a simulator under load does not grow for ever. */
export interface Ring<T> {
  add(entry: T): void;
  /** Oldest first. */
  list(): readonly T[];
  clear(): void;
}

/** Keeps the newest `most` entries (a quarter more for a moment, so that dropping is not paid on each one). */
export function createRing<T>(most: number): Ring<T> {
  let entries: T[] = [];
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > most * 1.25) entries = entries.slice(-most);
    },
    list: () => (entries.length > most ? entries.slice(-most) : entries),
    clear: () => {
      entries = [];
    },
  };
}
