/**
 * Where something stands in a text: half-open UTF-16 offsets, so that `text.slice(span.start, span.end)` gives it back.
 *
 * @example
 * 'Chain INPUT'.slice(6, 11) // => 'INPUT' has the span { start: 6, end: 11 }
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}
