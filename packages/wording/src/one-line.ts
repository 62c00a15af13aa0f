/** A campaign's name must not be able to make lines of its own, such as one that looks like a code's. */
export const oneLine = (name: string): string => name.replace(/\s+/g, ' ').trim();
