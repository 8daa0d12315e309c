import type { Rule } from '@netdrift/core';
import type { Statement } from '../ast/statements.ts';
import type { JsonReader } from '../json/json-reader.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Printer } from '../printer.ts';

/** One kind of statement: how it is read, printed, and read from JSON, side by side. */
export interface StatementKind<N extends Statement> {
  readonly kind: N['kind'];
  /** Rules of the grammar; those named in `starts` begin a statement, each with a token of its own. */
  readonly rules: Readonly<Record<string, Rule>>;
  readonly starts: readonly string[];
  /** The text that nft prints. */
  readonly print: (statement: N, printer: Printer) => string;
  /** By the key of the object of JSON that is the statement; nothing where its content is not what nft writes. */
  readonly json: Readonly<Record<string, (content: JsonValue, reader: JsonReader) => Statement | undefined>>;
  /** Lines of real nft that hold one. */
  readonly samples: readonly string[];
}

export function statementKind<N extends Statement>(kind: StatementKind<N>): StatementKind<N> {
  return kind;
}
