/** `-j CT`: attaches settings to the connection before it is tracked, or leaves it untracked. */
export interface CtTarget {
  readonly kind: 'CtTarget';
  readonly name: 'CT';
  readonly notrack?: true;
  readonly helper?: string;
  readonly timeout?: string;
  readonly zone?: { readonly direction?: 'orig' | 'reply'; readonly value: number | 'mark' };
  readonly events?: readonly string[];
  readonly expectationEvents?: readonly string[];
}
