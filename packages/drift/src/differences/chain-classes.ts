import type { Condition, OtherCondition } from '../state/condition.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../state/model.ts';
import { append } from '../common/append.ts';

/** Numbers for contents, shared by both sides of a comparison: equal content, equal number. */
export class ContentNumbers {
  private readonly numbers = new Map<string, number>();

  /** The number of a content, a new one for a content not seen before. */
  of(content: string): number {
    let number = this.numbers.get(content);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(content, number);
    }
    return number;
  }
}

/**
 * The class of each chain of a table by what it does, whatever it and the chains it jumps to are called: two chains of equal class
 * treat every packet alike, but for what they remember on lists of `recent` that are called as chains are. Chains on a cycle of jumps are
 * known by name.
 */
export function chainClasses(
  table: RuleTable,
  numbers: ContentNumbers,
  rulesOf: (chain: RuleChain) => readonly RuleEntry[],
): Map<string, number> {
  const classes = new Map<string, number>();
  const open = new Set<string>();
  for (const root of table.chains.keys()) {
    const stack = [root];
    while (stack.length > 0) {
      const name = stack.at(-1) as string;
      const chain = table.chains.get(name);
      if (chain === undefined || classes.has(name)) {
        stack.pop();
        continue;
      }
      const waiting = open.has(name) ? [] : unclassed(chain, table, classes, open);
      open.add(name);
      if (waiting.length > 0) {
        append(stack, waiting);
        continue;
      }
      classes.set(name, numbers.of(content(chain, rulesOf(chain), classes)));
      open.delete(name);
      stack.pop();
    }
  }
  return classes;
}

function unclassed(chain: RuleChain, table: RuleTable, classes: ReadonlyMap<string, number>, open: ReadonlySet<string>): string[] {
  const targets = new Set<string>();
  for (const { target } of chain.rules) {
    if (target.kind === 'jump' && table.chains.has(target.chain) && !classes.has(target.chain) && !open.has(target.chain))
      targets.add(target.chain);
  }
  return [...targets];
}

function content(chain: RuleChain, rules: readonly RuleEntry[], classes: ReadonlyMap<string, number>): string {
  const listName = (list: string): string => (list === chain.name ? 'its own' : `of ${classes.get(list) ?? `"${list}"`}`);
  const lines = rules.map((rule) => `${conditionKeyOf(rule, listName)} ${targetText(rule, classes)}`);
  return [chain.policy ?? '', ...lines].join('\n');
}

/** What a rule asks for, with other names for the lists of `recent`. */
export function conditionKeyOf({ conditions, conditionKey }: RuleEntry, listName: (list: string) => string): string {
  if (!conditions.some(hasList)) return conditionKey;
  return conditions
    .map((condition) => (hasList(condition) ? `${condition.list.asked} ${listName(condition.list.name)}` : condition.text))
    .join(' ');
}

function hasList(condition: Condition): condition is OtherCondition & Required<Pick<OtherCondition, 'list'>> {
  return condition.kind === 'other' && condition.list !== undefined;
}

function targetText(rule: RuleEntry, classes: ReadonlyMap<string, number>): string {
  const { target } = rule;
  if (target.kind !== 'jump') return target.text;
  const known = classes.get(target.chain);
  return known === undefined ? target.text : `${target.goto ? '-g' : '-j'} #${known}`;
}
