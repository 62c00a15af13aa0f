import type { Fields, FieldValue } from './fields.ts';

/**
 * Reads a push field by field and remembers what was read, so that the rest can be kept aside. A value that is not what a
 * reader expects (a number that is none, a list instead of text) counts as not read: it ends up in `rest` and nothing is lost.
 */
export class FieldReader {
  readonly #fields: Fields;
  readonly #path: string;
  readonly #read = new Set<string>();
  readonly #children: FieldReader[] = [];

  constructor(fields: Fields, path = '') {
    this.#fields = fields;
    this.#path = path;
  }

  /** '' when missing. */
  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value !== 'string') return '';
    this.#read.add(name);
    return value;
  }

  /** Undefined when missing, empty or not an integer of 32 bits. */
  int(name: string): number | undefined {
    return this.#converted(name, (text) => {
      const value = /^-?[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return value === Math.trunc(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
    });
  }

  /** Undefined when missing, empty or not an integer of 18 digits at most. */
  bigint(name: string): bigint | undefined {
    return this.#converted(name, (text) => (/^-?[0-9]{1,18}$/.test(text) ? BigInt(text) : undefined));
  }

  /** Undefined when missing, empty or not a decimal number. */
  double(name: string): number | undefined {
    return this.#converted(name, (text) => (/^-?[0-9]{1,17}(?:\.[0-9]{1,17})?$/.test(text) ? Number(text) : undefined));
  }

  /** `1` and `0`. */
  bool(name: string): boolean | undefined {
    return this.#converted(name, (text) => (text === '1' ? true : text === '0' ? false : undefined));
  }

  /** Unix seconds as a Timestamp. */
  time(name: string): { seconds: bigint; nanos: number } | undefined {
    return this.#converted(name, (text) =>
      /^[0-9]{1,11}$/.test(text) ? { seconds: BigInt(text), nanos: 0 } : undefined,
    );
  }

  /** A group of fields; one without any when missing. */
  group(name: string): FieldReader {
    const value = this.#fields[name];
    if (!isGroup(value)) {
      if (value === '') this.#read.add(name);
      return new FieldReader({});
    }
    this.#read.add(name);
    return this.#child(value, name);
  }

  /** The groups of a list; also of one that stands alone. */
  list(name: string): FieldReader[] {
    const value = this.#fields[name];
    const groups = Array.isArray(value) ? value : value === '' ? [] : [value];
    if (!groups.every(isGroup)) return [];
    this.#read.add(name);
    return groups.map((group, index) => this.#child(group, Array.isArray(value) ? `${name}[${index}]` : name));
  }

  /** The values of a list of plain values. */
  ints(name: string): number[] {
    const value = this.#fields[name];
    const texts = Array.isArray(value) ? value : [value];
    if (!texts.every((text) => typeof text === 'string' && /^-?[0-9]{1,9}$/.test(text))) return [];
    this.#read.add(name);
    return texts.map(Number);
  }

  /** A field that says how long a list is: nothing new when it is right, kept when it is not. */
  lengthOf(name: string, list: readonly unknown[]): void {
    if (this.#fields[name] === String(list.length)) this.#read.add(name);
  }

  /** Everything not read so far, flattened, in the order of the push. */
  rest(): { path: string; value: string }[] {
    const rest: { path: string; value: string }[] = [];
    for (const [name, value] of Object.entries(this.#fields)) {
      if (!this.#read.has(name)) flatten(this.#pathOf(name), value, rest);
    }
    for (const child of this.#children) rest.push(...child.rest());
    return rest;
  }

  /** The same, and what is left after it is nothing. */
  takeRest(): { path: string; value: string }[] {
    const rest = this.rest();
    for (const name of Object.keys(this.#fields)) this.#read.add(name);
    return rest;
  }

  #child(fields: Fields, name: string): FieldReader {
    const child = new FieldReader(fields, this.#pathOf(name));
    this.#children.push(child);
    return child;
  }

  #converted<Value>(name: string, convert: (text: string) => Value | undefined): Value | undefined {
    const text = this.#fields[name];
    if (typeof text !== 'string') return undefined;
    const value = convert(text);
    if (value !== undefined || text === '') this.#read.add(name);
    return value;
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function flatten(path: string, value: FieldValue, into: { path: string; value: string }[]): void {
  if (typeof value === 'string') {
    into.push({ path, value });
  } else if (Array.isArray(value)) {
    value.forEach((entry: FieldValue, index) => flatten(`${path}[${index}]`, entry, into));
  } else {
    for (const [name, child] of Object.entries(value)) flatten(`${path}.${name}`, child, into);
  }
}

const isGroup = (value: FieldValue | undefined): value is Fields => typeof value === 'object' && !Array.isArray(value);
