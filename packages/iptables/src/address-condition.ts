/**
 * A condition on an address. `prefixLength` where the mask is contiguous, else `mask` in the printed form; a host or
 * network `name` where the text shows names (then the address is not known, and the name is no identity).
 */
export type AddressCondition =
  | { readonly not: boolean; readonly address: string; readonly prefixLength: number }
  | { readonly not: boolean; readonly address: string; readonly mask: string }
  | { readonly not: boolean; readonly name: string; readonly prefixLength?: number; readonly mask?: string };
