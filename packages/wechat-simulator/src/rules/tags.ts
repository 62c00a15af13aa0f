/** A group of followers an account made for itself. */
export interface Tag {
  readonly id: number;
  name: string;
}

/** 0, 1 and 2 belong to the platform (reference 10); only 2 is listed. */
const systemTagsEnd = 2;
const tagsMax = 100;
const nameBytesMax = 30;
export const tagsPerFollowerMax = 20;
export const openidsPerBatchMax = 50;

export interface TagBook {
  list(): readonly Tag[];
  has(id: number): boolean;
  /** The new tag, or the code it is refused with. */
  create(name: string): Tag | { errcode: number };
  rename(id: number, name: string): 'ok' | number;
  remove(id: number): 'ok' | number;
}

/**
 * The tags of one account. The platform's texts speak of 30 characters and of 30 bytes; the narrower is kept here, so that what
 * passes here passes there.
 */
export function createTagBook(): TagBook {
  const tags = new Map<number, Tag>([[2, { id: 2, name: '星标组' }]]);
  let lastId = 99;

  function nameProblem(name: string, own?: number): number | undefined {
    if (name.trim() === '') return 45157;
    if (Buffer.byteLength(name) > nameBytesMax) return 45158;
    return [...tags.values()].some((tag) => tag.name === name && tag.id !== own) ? 45157 : undefined;
  }

  const idProblem = (id: number): number | undefined =>
    id <= systemTagsEnd ? 45058 : tags.has(id) ? undefined : 45159;

  return {
    list: () => [...tags.values()],
    has: (id) => tags.has(id),
    create(name) {
      const problem = nameProblem(name) ?? (tags.size - 1 >= tagsMax ? 45056 : undefined);
      if (problem !== undefined) return { errcode: problem };
      lastId += 1;
      const tag = { id: lastId, name };
      tags.set(tag.id, tag);
      return tag;
    },
    rename(id, name) {
      const problem = idProblem(id) ?? nameProblem(name, id);
      const tag = tags.get(id);
      if (problem !== undefined || tag === undefined) return problem ?? 45159;
      tag.name = name;
      return 'ok';
    },
    remove(id) {
      const problem = idProblem(id);
      if (problem !== undefined) return problem;
      tags.delete(id);
      return 'ok';
    },
  };
}
