import type { ReaderValue } from '../readers/reader.ts';
import type { Part } from '../snapshot.ts';

/** What a reader found, by its kind. */
export type ValueOf<Kind extends ReaderValue['kind']> = Extract<ReaderValue, { readonly kind: Kind }>;

/**
 * The outputs of one kind, each with its part.
 *
 * @example
 * valuesOf(snapshot.parts, 'Routes').flatMap(({ value }) => value.routes.map(({ destination }) => destination)) // => ['default']
 */
export function valuesOf<Kind extends ReaderValue['kind']>(
  parts: readonly Part[],
  kind: Kind,
): { readonly value: ValueOf<Kind>; readonly part: Part }[] {
  const isOfKind = (value: ReaderValue): value is ValueOf<Kind> => value.kind === kind;
  return parts.flatMap((part) =>
    part.content.kind === 'reader' && isOfKind(part.content.value) ? [{ value: part.content.value, part }] : [],
  );
}
