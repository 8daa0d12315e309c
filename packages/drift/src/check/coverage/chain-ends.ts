import { type Box, meetBoxes } from '../../packets/space/sets/box.ts';
import type { Chain, Rule, RuleSet, Verdict } from '../../world/ir.ts';
import type { RuleRef } from '../../world/rule-ref.ts';
import type { RuleBox } from './rule-box.ts';

/** Packets that do not come behind a rule: by this rule, which may stand in a chain it jumps to. */
export interface Taken {
  readonly box: Box;
  /** The rule of the chain that is asked about. */
  readonly by: Rule;
}

/** More boxes of one rule than this are not followed. */
const MAX_BOXES = 32;
/** Chains one inside another: deeper ones are taken to let packets come back (Linux nf_tables takes 16 levels). */
const MAX_DEPTH = 16;

/** Tells which packets end at a rule for certain. What asks for marks is left out: rules on the way may change them. */
export type ChainEnds = (rule: Rule) => readonly Taken[];

/** Whether packets may end at a rule for certain, as far as it tells by itself. */
export function mayEnd({ exact, asksMark }: RuleBox, { kind }: Verdict): boolean {
  return exact && !asksMark && kind !== 'continue';
}

/** Starts to tell where packets end in the chains of a rule set; each chain is looked at once. */
export function chainEnds(rules: RuleSet, boxOf: (rule: Rule) => RuleBox): ChainEnds {
  const ends = new Map<Chain, readonly Box[]>();
  const chainAt = ({ table }: RuleRef, name: string): Chain | undefined => rules.tables.get(table)?.chains.get(name);

  function boxesOf(rule: Rule, depth: number): readonly Box[] {
    const { verdict } = rule;
    const known = boxOf(rule);
    const { box } = known;
    if (box === undefined || !mayEnd(known, verdict)) return [];
    switch (verdict.kind) {
      case 'accept':
      case 'drop':
      case 'reject':
      case 'source':
        return [box];
      case 'translate':
        return 'entries' in verdict.to ? [] : [box];
      // `return` and go-to leave this chain, whatever comes of the packet: nothing behind them in it meets the packet.
      case 'return':
      case 'goto':
        return [box];
      case 'jump': {
        const chain = chainAt(rule.source, verdict.chain);
        if (chain === undefined || depth >= MAX_DEPTH) return [];
        return insideOf(chain, depth + 1)
          .flatMap((inner) => meetBoxes(box, inner) ?? [])
          .slice(0, MAX_BOXES);
      }
      default:
        return [];
    }
  }

  /** Packets that do not come back from a chain. */
  function insideOf(chain: Chain, depth: number): readonly Box[] {
    const known = ends.get(chain);
    if (known !== undefined) return known;
    // A chain that jumps back here lets packets come back, until it is known better.
    ends.set(chain, []);
    const boxes: Box[] = [];
    for (const rule of chain.rules) {
      if (boxes.length >= MAX_BOXES) break;
      const { verdict } = rule;
      // What a rule may send back to the caller does not end here: the rest of the chain is left out.
      if (verdict.kind === 'return' || verdict.kind === 'goto' || verdict.kind === 'opaque') break;
      for (const box of boxesOf(rule, depth)) boxes.push(box);
    }
    ends.set(chain, boxes);
    return boxes;
  }

  return (rule) => boxesOf(rule, 0).map((box) => ({ box, by: rule }));
}
