/** A node while it is being built: the same keys, writable. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
