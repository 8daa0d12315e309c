/** `-m addrtype`: the routing type of the addresses, as the kernel's routing table sees them (`LOCAL`, `BROADCAST`, ...). */
export interface AddrtypeMatch {
  readonly kind: 'AddrtypeMatch';
  readonly source?: { readonly not: boolean; readonly types: readonly string[] };
  readonly destination?: { readonly not: boolean; readonly types: readonly string[] };
  readonly limitInterface?: 'in' | 'out';
}
