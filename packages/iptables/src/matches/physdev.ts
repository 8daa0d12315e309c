/** `-m physdev`: the bridge ports a bridged packet came in by and leaves by. */
export interface PhysdevMatch {
  readonly kind: 'PhysdevMatch';
  readonly isIn?: { readonly not: boolean };
  readonly in?: { readonly not: boolean; readonly name: string };
  readonly isOut?: { readonly not: boolean };
  readonly out?: { readonly not: boolean; readonly name: string };
  readonly isBridged?: { readonly not: boolean };
}
