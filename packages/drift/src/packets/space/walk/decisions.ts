import type { Field, Intervals, Value } from '../../../world/field.ts';
import { complement, toIntervals } from '../../../world/intervals.ts';
import { LOOPBACK } from '../../../world/local-addresses.ts';
import type { Test } from '../../../world/ir.ts';
import type { KeyField, Lookup, LookupEntry } from '../../../world/lookup.ts';
import { prefixBounds, toAddress } from '../../../world/values.ts';
import type { LocalAddresses } from '../../../world/world.ts';
import { type Box, EVERYTHING, meetBoxes, PLACE, withField, withMark } from '../sets/box.ts';
import { pairsOf, subtract } from '../sets/intervals.ts';
import { joinedByAddress } from '../sets/joined-boxes.ts';
import type { Vocabulary } from '../vocabulary.ts';
import type { Question } from './step.ts';

/** Packets in the box of which the questions hold. */
export interface Clause {
  readonly box: Box;
  readonly questions: readonly Question[];
}

/** The first clause that holds decides whether the test does; `otherwise` where none holds. */
export interface Decision {
  readonly clauses: readonly (Clause & { readonly holds: boolean })[];
  readonly otherwise: boolean;
}

/** What a test is compiled with. */
export interface TestContext {
  readonly vocabulary: Vocabulary;
  readonly addresses: LocalAddresses;
}

/** A test as one clause, as a decision with several, or undefined where no packet meets it. */
export function decisionOf(test: Test, context: TestContext): Clause | Decision | undefined {
  const { vocabulary } = context;
  switch (test.kind) {
    case 'field':
      return clause(withField(EVERYTHING, PLACE[test.field], test.in));
    case 'original': {
      const box = withField(EVERYTHING, PLACE[test.field], test.in);
      return box && asking({ kind: 'original', box });
    }
    case 'eitherPort':
      return {
        clauses: (['sourcePort', 'destinationPort'] as const).flatMap((field) =>
          holding(withField(EVERYTHING, PLACE[field], test.in), !test.not),
        ),
        otherwise: test.not,
      };
    case 'interface': {
      const classes = vocabulary.interfaceClasses(test.name);
      const place = PLACE[test.side];
      return clause(withField(EVERYTHING, place, test.not ? subtract(vocabulary.full[place] as Intervals, classes) : classes));
    }
    case 'mark':
      return markDecision(test);
    case 'member':
      return membership(test.of, test.not, context);
    case 'local':
      return localDecision(test.field, test.not, context.addresses, vocabulary.family);
    case 'translated':
    case 'balanced':
      if (test.kind === 'balanced' && test.virtual.length > 0)
        return asking({
          kind: 'unknown',
          identity: `ipvs ${JSON.stringify(test.virtual, printable)}`,
          text: '-m ipvs',
          not: test.not,
          counts: false,
          about: [],
        });
      return asking(test);
    case 'chance':
      return asking({ kind: 'chance', share: test.share });
    case 'unknown':
      return asking(test);
  }
}

/** For `JSON.stringify`, which knows no bigints. */
export function printable(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function clause(box: Box | undefined): Clause | undefined {
  return box && { box, questions: [] };
}

function asking(question: Question): Clause {
  return { box: EVERYTHING, questions: [question] };
}

function holding(box: Box | undefined, holds: boolean): Decision['clauses'] {
  return box === undefined ? [] : [{ box, questions: [], holds }];
}

function markDecision({ register, mask, value, not }: Extract<Test, { kind: 'mark' }>): Clause | Decision | undefined {
  const name = register === 'packet' ? 'mark' : 'connectionMark';
  const impossible = (value & ~mask) !== 0;
  if (impossible || mask === 0) return impossible === not ? clause(EVERYTHING) : undefined;
  if (!not) return clause(withMark(EVERYTHING, name, { mask, value }));
  const oneBit = (mask & (mask - 1)) === 0;
  if (oneBit) return clause(withMark(EVERYTHING, name, { mask, value: (value ^ mask) >>> 0 }));
  return { clauses: holding(withMark(EVERYTHING, name, { mask, value }), false), otherwise: true };
}

/** Addresses of many hosts, which no host has. */
const MULTICAST = { ipv4: prefixBounds(toAddress('224.0.0.0') as Value, 4), ipv6: prefixBounds(toAddress('ff00::') as Value, 8) } as const;

/** The node's addresses that are known, and those that are known not to be the node's. */
export function knownAddresses(
  { local, elsewhere, pods }: LocalAddresses,
  family: 'ipv4' | 'ipv6',
): { readonly here: Intervals; readonly elsewhere: Intervals } {
  const pairs = (addresses: ReadonlySet<Value>): [Value, Value][] => [...addresses].map((address) => [address, address]);
  const here = toIntervals([...pairs(local), ...pairsOf(LOOPBACK[family])]);
  return { here, elsewhere: subtract(toIntervals([...pairs(elsewhere), ...pairsOf(pods), MULTICAST[family]]), here) };
}

/** `known ∪ unknown` is a disjunction of boxes that have nothing in common: 127.0.0.1 that is not the node's is no packet. */
function localDecision(
  field: 'source' | 'destination',
  not: boolean,
  addresses: LocalAddresses,
  family: 'ipv4' | 'ipv6',
): Clause | Decision | undefined {
  const { here, elsewhere } = knownAddresses(addresses, family);
  const place = PLACE[field];
  if (addresses.whole) return clause(withField(EVERYTHING, place, not ? complement(here, field, family) : here));
  return {
    clauses: [
      ...holding(withField(EVERYTHING, place, here), !not),
      ...holding(withField(EVERYTHING, place, elsewhere), not),
      { box: EVERYTHING, questions: [{ kind: 'local', field }], holds: !not },
    ],
    otherwise: not,
  };
}

/** Whether a packet is in a set: its entries in the order in which they decide. */
function membership(of: Lookup<boolean>, not: boolean, { vocabulary }: TestContext): Clause | Decision | undefined {
  const open: Question = {
    kind: 'unknown',
    identity: `set ${of.name} ${of.key.join()}`,
    text: `--match-set ${of.name} ${of.key.join()}`,
    asks: { kind: 'member', set: of.name, by: of.key.join() },
    not: false,
    counts: false,
    about: of.key,
  };
  const otherwise = (of.otherwise ?? false) !== not;
  const [only] = of.key;
  if (
    of.key.length === 1 &&
    only !== undefined &&
    only !== 'mark' &&
    of.entries.every((entry) => entry.interface === undefined) &&
    of.otherwise !== true
  ) {
    const inside = valuesOf(
      of.entries,
      of.entries.map(({ value }) => value),
    );
    if (!of.partial) return clause(withField(EVERYTHING, PLACE[only], not ? complement(inside, only, vocabulary.family) : inside));
  }
  const held = of.entries.every(({ value }) => value)
    ? joinedByAddress(of.entries.flatMap((entry) => entryBox(of, entry, vocabulary) ?? [])).map((box) => ({ box, value: true }))
    : of.entries.map((entry) => ({ box: entryBox(of, entry, vocabulary), value: entry.value }));
  const clauses = held.flatMap(({ box, value }) => holding(box, value !== not));
  return { clauses: of.partial ? [...clauses, { box: EVERYTHING, questions: [open], holds: !not }] : clauses, otherwise };
}

/** The values of entries that are true: the first that holds decides. */
function valuesOf(entries: readonly LookupEntry<unknown>[], decides: readonly boolean[]): Intervals {
  const pairs = entries.map(({ bounds }) => [bounds[0] as Value, bounds[1] as Value] as const);
  if (decides.every(Boolean)) return toIntervals(pairs);
  let inside: Intervals = [];
  for (const [place, pair] of [...pairs.entries()].reverse()) {
    inside = decides[place] === true ? toIntervals([...pairsOf(inside), pair]) : subtract(inside, pair);
  }
  return inside;
}

/** The packets that an entry of a lookup holds of. */
export function entryBox(
  of: Pick<Lookup<unknown>, 'key' | 'side' | 'markMask'>,
  entry: LookupEntry<unknown>,
  vocabulary: Vocabulary,
): Box | undefined {
  let box: Box | undefined = EVERYTHING;
  for (const [place, field] of of.key.entries()) {
    const [low, high] = [entry.bounds[2 * place] as Value, entry.bounds[2 * place + 1] as Value];
    box =
      box &&
      (field === 'mark'
        ? withMark(box, 'mark', { mask: of.markMask ?? 0xffff_ffff, value: Number(low) })
        : withField(box, PLACE[field satisfies Field | KeyField as Field], [low, high]));
  }
  if (entry.interface !== undefined && of.side !== undefined)
    box = box && withField(box, PLACE[of.side], vocabulary.interfaceClasses(entry.interface));
  return box;
}

/** A clause as a conjunction with another one; undefined where no packet meets both. */
export function both(one: Clause, other: Clause): Clause | undefined {
  const box = meetBoxes(one.box, other.box);
  return box && { box, questions: [...one.questions, ...other.questions] };
}
