/** Headers to write: one value each. */
export type Headers = Record<string, Buffer | string>;

/** Headers as they came: absent, once, or repeated. */
export type ReceivedHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
