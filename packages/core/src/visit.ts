/** A node of a tree: plain data with a `kind`. */
export interface Kinded {
  readonly kind: string;
}

/** Where a node stands: the keys and positions that lead to it from the root. */
export type NodePath = readonly (string | number)[];

/**
 * What to do at nodes, by their kind, before what is inside them; `false` leaves out what is inside. `enter` is asked at every node, before
 * the function of its kind.
 */
export type Visitor<Node extends Kinded> = {
  readonly [Kind in Node['kind']]?: (node: Extract<Node, { readonly kind: Kind }>, path: NodePath) => void | false;
} & { readonly enter?: (node: Kinded, path: NodePath) => void | false };

/**
 * Goes through a tree of any parser, or any part of one, in the order of its text: every object with a `kind`, however deep, and the
 * objects without one between them. The type parameter names the nodes that the visitor has functions for.
 *
 * Trees are plain data, so nothing of a node is left out, and a node that a later version adds is met too. The depth of a tree costs no
 * stack.
 *
 * @example
 * const ports: number[] = [];
 * visit<Match>(parseIptables(text).value, { TcpMatch: ({ destinationPorts }) => … });
 */
export function visit<Node extends Kinded>(root: object, visitor: Visitor<Node>): void {
  // Functions by kind take the node of that kind alone: what is looked up by `node.kind` takes this node.
  const byKind = visitor as Readonly<Record<string, ((node: Kinded, path: NodePath) => void | false) | undefined>>;
  const waiting: Step[] = [{ value: root }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const { value } = step;
    if (isKinded(value)) {
      const path = visitor.enter === undefined && !Object.hasOwn(byKind, value.kind) ? [] : pathOf(step);
      if (visitor.enter?.(value, path) === false) continue;
      // `enter` is no kind of a node, and a kind from a damaged tree may be any word.
      if (value.kind !== 'enter' && Object.hasOwn(byKind, value.kind) && byKind[value.kind]?.(value, path) === false) continue;
    }
    const inside = Object.entries(value);
    for (let at = inside.length - 1; at >= 0; at--) {
      const [key, held] = inside[at] ?? [];
      if (key !== undefined && typeof held === 'object' && held !== null)
        waiting.push({ value: held, key: Array.isArray(value) ? at : key, from: step });
    }
  }
}

/** One object on the way, and how it was reached. */
interface Step {
  readonly value: object;
  readonly key?: string | number;
  readonly from?: Step;
}

/** Made only for who asks: it is as long as the tree is deep. */
function pathOf(step: Step): NodePath {
  const path: (string | number)[] = [];
  for (let at: Step | undefined = step; at?.key !== undefined; at = at.from) path.push(at.key);
  return path.reverse();
}

function isKinded(value: object): value is Kinded {
  return 'kind' in value && typeof value.kind === 'string';
}
