/** Numbers by index, kept outside the JavaScript heap. What was never set is 0. */
export type Column = {
  get: (index: number) => number;
  set: (index: number, value: number) => void;
  bytes: () => number;
};

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A copy of `numbers` with room for at least `length`, half as long again at least. */
export function grown<T extends Numbers>(numbers: T, length: number): T {
  const make = numbers.constructor as new (length: number) => T;
  const larger = new make(Math.max(length, Math.ceil(numbers.length * 1.5), 256));
  larger.set(numbers);
  return larger;
}

function column(first: Numbers): Column {
  let numbers = first;
  return {
    get: (index) => numbers[index] ?? 0,
    set: (index, value) => {
      if (index >= numbers.length) numbers = grown(numbers, index + 1);
      numbers[index] = value;
    },
    bytes: () => numbers.byteLength,
  };
}

/** Columns that have room for `expected` values from the start. */
export const bytes = (expected = 0): Column => column(new Uint8Array(expected));
export const words = (expected = 0): Column => column(new Uint32Array(expected));
export const doubles = (expected = 0): Column => column(new Float64Array(expected));

/** What columns and tables keep in memory together. */
export const bytesOf = (kept: Iterable<{ bytes: () => number }>): number =>
  [...kept].reduce((sum, one) => sum + one.bytes(), 0);
