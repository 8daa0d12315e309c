import type { Span } from './text/span.ts';
import type { Kinded } from './visit.ts';

/** The span of a node that stands in no text: a program made it. */
export const NOWHERE: Span = { start: 0, end: 0 };

/**
 * Every kind of node of a package's trees, with the keys that have a usual value: the one list from which its builder and its guard are
 * made. The compiler asks for an entry for each kind. A key that may be missing has no usual value: missing means that no text shows it.
 */
export type NodeKinds<Node extends Kinded> = { readonly [Kind in Node['kind']]: UsualKeys<Extract<Node, { readonly kind: Kind }>> };

type UsualKeys<Node> = Node extends unknown ? Partial<Omit<Pick<Node, KeyOfAll<Node>>, 'kind'>> : never;

/** The keys that every node of a kind has. */
type KeyOfAll<Node> = { [Key in keyof Node]-?: object extends Pick<Node, Key> ? never : Key }[keyof Node];

/** What is to be given of a node: all its keys but `kind`, those with a usual value if wanted. */
export type NodeFields<Node, Usual extends PropertyKey> = Node extends unknown
  ? Omit<Node, 'kind' | Usual> & Partial<Pick<Node, Usual & keyof Node>>
  : never;

/** Makes a node of one kind. */
export type NodeBuilder<Node extends Kinded, Kinds extends NodeKinds<Node>> = <Kind extends Node['kind']>(
  kind: Kind,
  fields: NodeFields<Extract<Node, { readonly kind: Kind }>, keyof Kinds[Kind]>,
) => Extract<Node, { readonly kind: Kind }>;

/** Tells whether a value is a node, or a node of one kind. */
export type NodeGuard<Node extends Kinded> = <Kind extends Node['kind'] = Node['kind']>(
  value: unknown,
  kind?: Kind,
) => value is Extract<Node, { readonly kind: Kind }>;

/**
 * The builder of a package's nodes: keys that are not given have their usual value, an empty list or a span in no text.
 *
 * @example
 * const build = nodeBuilder<Leaf, typeof KINDS>(KINDS);
 * build('Leaf', { name: 'a' }) // => { kind: 'Leaf', name: 'a', span: { start: 0, end: 0 } }
 */
export function nodeBuilder<Node extends Kinded, Kinds extends NodeKinds<Node>>(kinds: Kinds): NodeBuilder<Node, Kinds> {
  return <Kind extends Node['kind']>(kind: Kind, fields: object) => {
    const { span, ...usual }: { readonly span?: Span } = kinds[kind];
    const made = { kind, ...usual, ...fields };
    // NodeFields asks for every key of this kind that `kinds` does not give.
    return (span === undefined || 'span' in fields ? made : { ...made, span }) as unknown as Extract<Node, { readonly kind: Kind }>;
  };
}

/**
 * The guard of a package's nodes. It looks at `kind` alone: what a parser or a builder made has the keys of its kind.
 *
 * @example
 * nodeGuard<Leaf>(KINDS)({ kind: 'Branch' }) // => false
 */
export function nodeGuard<Node extends Kinded>(kinds: NodeKinds<Node>): NodeGuard<Node> {
  return <Kind extends Node['kind']>(value: unknown, kind?: Kind): value is Extract<Node, { readonly kind: Kind }> => {
    if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') return false;
    return kind === undefined ? Object.hasOwn(kinds, value.kind) : value.kind === kind;
  };
}
