import type { Trace } from '../packets/traced.ts';
import type { Condition } from '../packets/traveller.ts';
import type { Assumption } from '../world/assumption.ts';
import { RULES_TAKEN } from '../proxy/facts/routing-of.ts';
import { interfaceText } from '../world/asked.ts';
import type { World } from '../world/world.ts';

/** What a trace took without being shown it, in sentences. */
export function assumptionTexts({ conditions, outcomes }: Trace, { assumptions }: World): string[] {
  const tables = assumptions.flatMap((assumption) => (assumption.kind === 'table-not-given' ? [assumption.table] : []));
  const isBalanced = outcomes.some(({ service }) => service !== undefined);
  const entered = new Set(
    outcomes.flatMap(({ hops }) => hops.flatMap(({ rule }) => (rule === undefined ? [] : [`${rule.table} ${rule.chain}`]))),
  );
  return [
    ...conditions.map(conditionText),
    ...assumptions.flatMap((assumption) => assumptionText(assumption, isBalanced, entered)),
    ...(tables.length === 0
      ? []
      : [
          `${tables.length === 1 ? 'the table' : 'the tables'} ${tables.join(', ')} ${tables.length === 1 ? 'was' : 'were'} not given: ${tables.length === 1 ? 'it lets' : 'they let'} everything pass`,
        ]),
  ];
}

function assumptionText(assumption: Assumption, isBalanced: boolean, entered: ReadonlySet<string>): string[] {
  if (assumption.kind === 'setting') return isBalanced ? [`${assumption.name} is ${assumption.value} (not given)`] : [];
  if (assumption.kind === 'policy-not-shown')
    return entered.has(`${assumption.table} ${assumption.chain}`)
      ? [`the policy of ${assumption.table} ${assumption.chain} is ACCEPT (not shown)`]
      : [];
  return assumption.kind === 'routing-rules-not-given' ? [RULES_TAKEN] : [];
}

/** What was taken of a condition that no listing decides. */
export function conditionText({ about, text, asks, holds, at }: Condition): string {
  const place = at === undefined ? '' : ` (${at.table} ${at.chain}#${at.number})`;
  switch (about) {
    case 'address':
      return `${text} is ${holds ? '' : 'not '}an address of this node`;
    case 'chain':
      return `chain ${text} does what its name says (not listed)`;
    case 'route':
      return text;
    case 'interface': {
      return `${asks?.kind === 'interface' ? interfaceText(asks, holds) : text}${place}`;
    }
    case 'rule':
      return `it ${holds ? 'matches' : 'does not match'} ${text}${place}`;
  }
}
