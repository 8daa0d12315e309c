import type { Draft } from '../draft.ts';

/** The drafts in their order, some of them replaced; what another draft tells stays with its teller. */
export function replaceDrafts(drafts: readonly Draft[], replaced: ReadonlyMap<Draft, Draft>): Draft[] {
  if (replaced.size === 0) return [...drafts];
  return drafts.map((draft) => {
    const shown = replaced.get(draft) ?? draft;
    const teller = shown.toldWith === undefined ? undefined : replaced.get(shown.toldWith);
    return teller === undefined ? shown : { ...shown, toldWith: teller };
  });
}
