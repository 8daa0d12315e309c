/** A tree as JSON gives it back, without its spans: all that printing may look at. */
export function withoutSpans<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part))) as T;
}
