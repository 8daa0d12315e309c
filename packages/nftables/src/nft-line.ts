import { Line } from '@netdrift/core';
import type { SetElement } from './ast/expressions.ts';

/** Reads what stands at a place inside braces; nothing where it is no element. */
export type ElementReader = (line: Line, start: number, end: number, place: 'element' | 'update') => SetElement | undefined;

/** A line of nft, whose braces hold lines of their own. */
export class NftLine extends Line {
  readonly readElement: ElementReader;

  constructor(source: string, bytes: Uint8Array | undefined, readElement: ElementReader) {
    super(source, bytes);
    this.readElement = readElement;
  }
}
