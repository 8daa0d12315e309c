import type { Diagnostic } from '@netdrift/core';
import type { Json } from './json-value.ts';

/** Keys and places in lists that lead to a value. */
export type ValuePath = readonly (string | number)[];

/** One document of a text: a JSON value or one YAML document, and where its parts stand. */
export interface ObjectDocument {
  readonly value: Json;
  /** The line, from 1, on which the value at a path begins; that of the nearest value around it where the text does not show it. */
  readonly lineAt: (path: ValuePath) => number;
  /** The line of a line, from 1, of the text that is the value at a path, as of a file inside a ConfigMap. */
  readonly lineInside: (path: ValuePath, line: number) => number;
}

/** The documents of a text, and what could not be read of it. */
export interface ReadDocuments {
  readonly documents: readonly ObjectDocument[];
  readonly diagnostics: readonly Diagnostic[];
}
