/**
 * What a condition that no listing decides asks of a packet: its text is how a rule spells it, or how it is compared; this is how it is
 * told, and what other conditions it has to do with.
 */
export type Asked =
  /** By which interface it arrives or leaves: `cali+` stands for all that begin so. */
  | { readonly kind: 'interface'; readonly side: 'in' | 'out'; readonly name: string }
  /** The interface that a rule may ask for, of a listing that hides interfaces. */
  | { readonly kind: 'hidden interface'; readonly rule: string }
  /** Whether it is in a set whose members are not all shown: by its `src,dst`. */
  | { readonly kind: 'member'; readonly set: string; readonly by: string }
  /** `-m addrtype`: a type that the routing table alone knows. */
  | { readonly kind: 'address type'; readonly of: 'source' | 'destination'; readonly type: string }
  /** Whether its source, its destination, or an address is the node's. */
  | { readonly kind: 'own address'; readonly of: 'source' | 'destination' | { readonly address: string } }
  /** The mark it has where it comes in: that of a table that was not given, or of routing. */
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number }
  /** Where a translated packet goes within what a rule gives it, and by which interface. */
  | { readonly kind: 'translated'; readonly what: 'address' | 'port' | 'way out' };

/** The interfaces of conditions that ask for one by its whole name. */
export function wholeName(asks: Asked | undefined): { readonly side: 'in' | 'out'; readonly name: string } | undefined {
  return asks?.kind === 'interface' && !asks.name.endsWith('+') ? asks : undefined;
}

/** What is said of an interface: `it arrives at eth0`, `it does not leave by cali+`. */
export function interfaceText({ side, name }: Extract<Asked, { readonly kind: 'interface' }>, holds: boolean): string {
  if (side === 'in') return `it ${holds ? 'arrives' : 'does not arrive'} at ${name}`;
  return `it ${holds ? 'leaves' : 'does not leave'} by ${name}`;
}
