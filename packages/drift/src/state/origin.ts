/** Where a thing of the model was read: an input of the snapshot by its place in `snapshot.parts`, and lines of it, from 1. */
export interface Origin {
  readonly part: number;
  readonly lines: readonly [number, number];
}

/** Where a thing that stands in one line was read. */
export function originIn({ part, line }: { readonly part: number; readonly line: number }): Origin {
  return { part, lines: [line, line] };
}
