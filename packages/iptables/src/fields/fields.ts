import type { Kinded, MatchExtension, Named, TargetExtension } from '../extension.ts';
import type { Field } from './field.ts';
import { listingForm, saveForm, type ListingOptions } from './field-forms.ts';
import { printListing, printOptions } from './field-print.ts';

export type { Field } from './field.ts';

/** What {@link fieldMatch} and {@link fieldTarget} make an extension from. */
interface FieldExtension {
  readonly name: string;
  readonly kind: string;
  /** Words before the fields in a listing. */
  readonly header?: string;
  /** Without a header: how many of the first fields may begin the text; all unless given. */
  readonly lead?: number;
  readonly fields: readonly Field[];
  readonly samples: readonly string[];
}

/** A match whose text is a row of fields. */
export function fieldMatch<N extends Kinded>({
  name,
  kind,
  header,
  lead,
  fields,
  samples,
}: FieldExtension & { readonly kind: N['kind'] }): MatchExtension<N> {
  return {
    type: 'match',
    name,
    kind,
    listing: listingForm<N>({ kind }, fields, options(header, lead)),
    print: (node, style) => printListing(node, fields, style, header),
    save: saveForm<N>({ kind }, fields),
    printSave: (node, style) => printOptions(node, fields, style),
    samples,
  };
}

/** A target whose text is a row of fields. `plain`: the listing may show no text for it. */
export function fieldTarget<N extends Named>({
  name,
  kind,
  header,
  lead,
  fields,
  samples,
  plain,
}: FieldExtension & { readonly kind: N['kind']; readonly plain?: N }): TargetExtension<N> {
  return {
    type: 'target',
    name,
    kind,
    listing: listingForm<N>({ kind, name }, fields, { ...options(header, lead), single: true }),
    print: (node, style) => printListing(node, fields, style, header),
    save: saveForm<N>({ kind, name }, fields),
    printSave: (node, style) => printOptions(node, fields, style),
    samples,
    ...(plain === undefined ? {} : { plain }),
  };
}

function options(header: string | undefined, lead: number | undefined): ListingOptions {
  return { ...(header === undefined ? {} : { header }), ...(lead === undefined ? {} : { lead }) };
}
