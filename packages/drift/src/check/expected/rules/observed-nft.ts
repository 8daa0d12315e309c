import {
  type Expression,
  type NftMap,
  type NftSet,
  printNftExpression,
  printNftStatement,
  type Rule,
  type SetElement,
  type Statement,
} from '@netdrift/nftables';
import { addToGroup } from '../../../common/add-to-group.ts';
import { blockRange } from '../../../state/address-range.ts';
import type { AddressRange } from '../../../state/condition.ts';
import { balancerText, guardText } from '../../../desired/nftables/nftables-rule-texts.ts';
import { nameOfChain, nameOfComment } from '../../../proxy/nftables/names.ts';
import type { NftTableEntry } from '../../../world/nftables/tables.ts';
import { type ObservedRule, type ObservedRules, observedRules } from './observed-rules.ts';

/** The rules and elements of a table of kube-proxy; undefined where it is not shown whole, or in numbers where words are usual. */
export function observedNft(entry: NftTableEntry | undefined): ObservedRules | undefined {
  if (entry?.whole !== true) return undefined;
  const { table, originOf } = entry;
  const found = new Map<string, ObservedRule[]>();
  for (const { name, rules = [] } of table.chains ?? []) {
    if (rules.some(({ statements }) => statements.some(isNumeric))) return undefined;
    found.set(
      `chain ${name}`,
      rules.map((rule) => ({ text: ruleText(rule), origin: originOf(rule.span) })),
    );
  }
  for (const set of table.sets ?? [])
    for (const one of elementsOf(set, originOf)) addToGroup(found, `${set.kind === 'Map' ? 'map' : 'set'} ${set.name}`, one);
  return observedRules(found);
}

/** `meta l4proto 6` of a listing under `-n`. */
function isNumeric(statement: Statement): boolean {
  return (
    statement.kind === 'Match' && statement.left.kind === 'Meta' && statement.left.key === 'l4proto' && statement.right.kind === 'Number'
  );
}

function ruleText({ statements }: Rule): string {
  const [first, last] = [statements[0], statements.at(-1)];
  if (
    statements.length === 2 &&
    first?.kind === 'Match' &&
    first.operator === '!=' &&
    last?.kind === 'Verdict' &&
    last.verdict === 'drop'
  ) {
    return guardText(first.left.kind === 'Payload' ? first.left.protocol : '', sourcesOf(first.right));
  }
  return statements
    .filter(({ kind }) => kind !== 'Counter')
    .map(statementText)
    .join(' ');
}

function statementText(statement: Statement): string {
  const { map } = statement.kind === 'VerdictMap' ? statement : { map: undefined };
  if (map?.kind !== 'AnonymousSet') return printNftStatement(statement);
  return balancerText(map.elements.flatMap(({ value }) => (value?.kind === 'Verdict' ? [printNftStatement(value)] : [])));
}

function sourcesOf(sources: Expression): AddressRange[] {
  if (sources.kind === 'AnonymousSet') return sources.elements.flatMap(({ key }) => sourcesOf(key));
  if (sources.kind !== 'Range') return [blockRange(printNftExpression(sources)) ?? []].flat();
  const [first] = sourcesOf(sources.first);
  const [last] = sourcesOf(sources.last);
  return first === undefined || last === undefined ? [] : [{ low: first.low, high: last.high }];
}

/** A set that has a time-out for its elements is a set of session affinity: its elements come and go. */
function elementsOf(set: NftSet | NftMap, originOf: NftTableEntry['originOf']): ObservedRule[] {
  if (set.timeout !== undefined) return [{ text: `timeout ${set.timeout.seconds}s`, origin: originOf(set.span) }];
  return (set.elements ?? []).map((element) => ({
    text: elementText(element),
    origin: originOf(element.span ?? set.span),
    ...nameOf(element),
  }));
}

function elementText({ key, value }: SetElement): string {
  const text = printNftExpression(key);
  return value?.kind === 'Verdict' ? `${text} : ${printNftStatement(value)}` : text;
}

function nameOf({ value, comment }: SetElement): { readonly servicePort?: string } {
  const named =
    (value?.kind === 'Verdict' && value.chain !== undefined ? nameOfChain(value.chain) : undefined) ??
    (comment === undefined ? undefined : nameOfComment(comment));
  return named === undefined ? {} : { servicePort: named.servicePort };
}
