import type { Section } from '@netdrift/core';

/** Whether a part shows all there was. `absent`: the text is empty where the tool always prints something. */
export type PartCompleteness = SectionCompleteness | { readonly state: 'absent'; readonly because: string };

/** Why an output does not show all there was. */
export interface PartialReason {
  /** What is wrong with it, as `went through grep`. */
  readonly text: string;
  /** The table of rules that it is about; missing = the output as a whole. */
  readonly table?: string;
  /** True where rows may be missing between those that are shown, as destinations of a service. */
  readonly rows?: true;
  /** True where they may be missing behind the last one alone; names of chains where only jumps to these may. */
  readonly atEnd?: true | readonly string[];
  /** True where the other side of the same diff lacks the same: what one side alone shows is a difference. */
  readonly alike?: true;
  /** True of rules of a save without the declaration of any chain: a piece of it, beside which others may stand. */
  readonly piece?: true;
  /** What the two sides of a diff have of its own each, and no place for it, in a sentence. */
  readonly unplaced?: string;
  /** The only things that may lack rows; missing = with `rows` all of them, without it none. */
  readonly only?: PartialThings;
}

/** Things that an output shows and that may lack rows, each by its place in the output, from 0. */
export interface PartialThings {
  readonly services?: readonly number[];
  readonly sets?: readonly number[];
  /** Chains by their names, as `nat KUBE-SERVICES`. */
  readonly chains?: readonly string[];
}

/** Whether an output shows all there was when its tool was asked, as far as the output itself tells. */
export type SectionCompleteness =
  | { readonly state: 'complete' }
  | { readonly state: 'partial'; readonly because: readonly PartialReason[] }
  /** Nothing of it can be used: it is an error of its tool, or no output of it. */
  | { readonly state: 'unreadable'; readonly because: string };

/** What is looked at beside the parsed output. */
export type SectionFacts = Pick<Section, 'text'> & Partial<Pick<Section, 'gaps' | 'filter' | 'table' | 'args'>>;
