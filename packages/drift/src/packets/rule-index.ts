import { addToGroup } from '../common/add-to-group.ts';
import type { Field, Value } from '../world/field.ts';
import type { Chain, Rule } from '../world/ir.ts';
import type { PacketFields } from './traveller.ts';

/** Below this number of rules a chain is read from top to bottom. */
const SMALL = 24;

interface RuleIndex {
  readonly byDestination: ReadonlyMap<Value, readonly number[]>;
  readonly byPort: ReadonlyMap<Value, readonly number[]>;
  /** Rules that ask for no single destination address and no single port. */
  readonly rest: readonly number[];
  /** What the packet before got: one place is mostly asked by several senders. */
  last?: { readonly destination: Value; readonly port: Value; readonly rules: readonly Rule[] };
}

/** Gives the rules of chains that a packet can meet, in their order. What is left out asks for another address or port. */
export type Candidates = (chain: Chain, fields: PacketFields) => readonly Rule[];

/** Starts to index chains, each when it is first met. */
export function candidateRules(): Candidates {
  const indexes = new Map<Chain, RuleIndex>();
  return (chain, fields) => {
    if (chain.rules.length < SMALL) return chain.rules;
    let index = indexes.get(chain);
    if (index === undefined) indexes.set(chain, (index = indexOf(chain)));
    const { last } = index;
    if (last?.destination === fields.destination && last.port === fields.destinationPort) return last.rules;
    const groups = [index.byDestination.get(fields.destination), index.byPort.get(fields.destinationPort), index.rest].filter(
      (group) => group !== undefined && group.length > 0,
    );
    const places = groups.length === 1 ? groups[0] : groups.flat().sort((one, other) => (one ?? 0) - (other ?? 0));
    const rules = (places ?? []).map((place) => chain.rules[place ?? 0] as Rule);
    index.last = { destination: fields.destination, port: fields.destinationPort, rules };
    return rules;
  };
}

function indexOf(chain: Chain): RuleIndex {
  const byDestination = new Map<Value, number[]>();
  const byPort = new Map<Value, number[]>();
  const rest: number[] = [];
  for (const [place, rule] of chain.rules.entries()) {
    const destination = onlyValue(rule, 'destination');
    if (destination !== undefined) {
      addToGroup(byDestination, destination, place);
      continue;
    }
    const port = onlyValue(rule, 'destinationPort');
    if (port === undefined) rest.push(place);
    else addToGroup(byPort, port, place);
  }
  return { byDestination, byPort, rest };
}

/** The one value of a field that a rule asks for before it does anything. */
function onlyValue({ body }: Rule, field: Field): Value | undefined {
  for (const part of body) {
    if (part.kind === 'mark' && 'and' in part) return undefined;
    if (part.kind === 'copyMark' || part.kind === 'notrack' || part.kind === 'effect') return undefined;
    if (part.kind === 'field' && part.field === field && part.in.length === 2 && part.in[0] === part.in[1]) return part.in[0];
  }
  return undefined;
}
