import type { Diagnostic, Span } from '@netdrift/core';
import type { IpvsadmNode, IpvsadmValue } from './ast.ts';
import type { SourceLine } from './source-line.ts';

/** Reads the lines of one kind of output and holds the nodes they make. */
export interface OutputReader {
  /** Reads a line that is not blank. */
  read(line: SourceLine): void;
  /** Closes what is open: no line follows. */
  end(): void;
  /** The output with the nodes that are held. */
  value(span: Span): IpvsadmValue;
  /** Gives the finished nodes away and forgets them. */
  take(): readonly IpvsadmNode[];
}

/** What a reader needs from its surroundings. */
export interface ReaderContext {
  readonly report: (diagnostic: Diagnostic) => void;
  /** False in the test that compares known shapes with the grammar. */
  readonly remember: boolean;
}

/** Kinds of output that an empty text may be taken for. */
export type IpvsadmOutput = 'listing' | 'save' | 'connections' | 'daemons';
