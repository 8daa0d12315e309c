import { once } from '../../../common/once.ts';
import { type InterfacePattern, type Intervals, STATES } from '../../../world/field.ts';
import { complement } from '../../../world/intervals.ts';
import { LOOPBACK } from '../../../world/local-addresses.ts';
import type { Rule, Test } from '../../../world/ir.ts';
import type { World } from '../../../world/world.ts';
import { placeRules } from '../aligned-rules.ts';
import { knownAddresses } from '../walk/decisions.ts';
import { pathOf } from '../walk/path-of.ts';
import { type SidePrograms, sidePrograms } from '../side-programs.ts';
import type { Entry, Space } from '../space.ts';
import { everyStage, type Stages } from '../walk/stages.ts';
import { withTiedAmounts } from '../tied-amounts.ts';
import { NO_INTERFACE, type Vocabulary, vocabularyOf } from '../vocabulary.ts';
import { bothWays } from '../ways.ts';
import { type Box, EVERYTHING, PLACE, withField, withMark } from './box.ts';
import { addContents } from './content.ts';
import { intersect, subtract } from './intervals.ts';

/** Some seconds of a whole comparison. */
const RESERVE = 400_000;

/** Makes two worlds of one family ready to be compared. */
export function openSpace(worldBefore: World, worldAfter: World): Space {
  const [before, after] = withTiedAmounts(worldBefore, worldAfter);
  const vocabulary = vocabularyOf(before.family, [...patternsOf(before), ...patternsOf(after)]);
  const sides = [sidePrograms(before, vocabulary), sidePrograms(after, vocabulary)] as const;
  for (const { programs } of sides) {
    for (const chains of programs.values())
      addContents(chains.values(), (program, chain) => programs.get(program.table)?.get(chain), vocabulary);
  }
  placeRules(sides);
  const { stages, later } = pathOf(sides, vocabulary);
  return {
    vocabulary,
    sides,
    stages,
    later,
    ways: once(() => bothWays(sides, stages)),
    own: ownAddresses(sides, vocabulary),
    entries: entriesOf(sides, stages, vocabulary),
    reserve: { states: RESERVE },
    ruleKeys: new Map(),
  };
}

function* patternsOf({ rules }: World): Generator<InterfacePattern> {
  for (const { chains } of rules.tables.values()) {
    for (const chain of chains.values()) {
      for (const rule of chain.rules) {
        for (const part of rule.body) {
          if (part.kind === 'interface') yield part.name;
          if (part.kind === 'member') for (const entry of part.of.entries) if (entry.interface !== undefined) yield entry.interface;
        }
      }
    }
  }
}

function ownAddresses([before, after]: readonly [SidePrograms, SidePrograms], { family }: Vocabulary): Intervals {
  const [one, other] = [before, after].map(({ world }) => knownAddresses(world.addresses, family).here) as [Intervals, Intervals];
  return intersect(one, other);
}

/** What packets are that come from outside and from pods, and those of the node itself. */
function entriesOf(sides: readonly [SidePrograms, SidePrograms], stages: Stages, vocabulary: Vocabulary): Map<Entry, Box[]> {
  const { full, family } = vocabulary;
  const lo = vocabulary.interfaceClasses({ name: 'lo', prefix: false });
  const others = subtract(subtract(full[PLACE.in] as Box['fields'][number] & object, lo), [NO_INTERFACE, NO_INTERFACE]);
  const natGiven = everyStage(stages).some(({ nat }) => nat);
  // No packet arrives untracked: a rule of the node says so.
  const tracked = withField(EVERYTHING, PLACE.state, [0, STATES.indexOf('UNTRACKED') - 1]) as Box;
  const unmarked = natGiven ? (withMark(tracked, 'mark', { mask: 0xffff_ffff, value: 0 }) as Box) : tracked;
  const local = ownAddresses(sides, vocabulary);
  const elsewhere = complement(local, 'destination', family);
  const along = (box: Box, values: readonly (readonly [number, Box['fields'][number] & object])[]): Box =>
    values.reduce((made: Box, [place, one]) => withField(made, place, one) ?? made, box);
  // IPVS forwards nothing that comes from a loopback address: what the node sends from there is asked about by itself.
  const sourcesOfNode = sides.some(({ world }) => world.ipvs !== undefined)
    ? [complement(LOOPBACK[family], 'source', family), LOOPBACK[family]]
    : [full[PLACE.source] as Intervals];
  const splitByConnection = sides.some(({ world }) => asksForConnectionMark(world));
  const begun = (box: Box): Box[] => {
    if (!splitByConnection) return [box];
    const isNew = [STATES.indexOf('NEW'), STATES.indexOf('NEW')];
    const first = withMark(along(box, [[PLACE.state, isNew]]), 'connectionMark', { mask: 0xffff_ffff, value: 0 });
    return [first ?? box, along(box, [[PLACE.state, complement(isNew, 'state', family)]])];
  };
  return new Map<Entry, Box[]>([
    // What arrives with a source address of loopback is a martian.
    [
      'prerouting',
      begun(
        along(unmarked, [
          [PLACE.in, others],
          [PLACE.source, complement(LOOPBACK[family], 'source', family)],
        ]),
      ),
    ],
    [
      'output',
      sourcesOfNode.flatMap((source) =>
        [
          { destination: local, out: lo },
          { destination: elsewhere, out: others },
        ].flatMap(({ destination, out }) =>
          begun(
            along(unmarked, [
              [PLACE.in, [NO_INTERFACE, NO_INTERFACE]],
              [PLACE.source, source],
              [PLACE.destination, destination],
              [PLACE.out, out],
            ]),
          ),
        ),
      ),
    ],
  ]);
}

function asksForConnectionMark({ rules }: World): boolean {
  for (const { chains } of rules.tables.values())
    for (const chain of chains.values()) if (chain.rules.some(usesConnectionMark)) return true;
  return false;
}

function usesConnectionMark({ body }: Rule): boolean {
  return body.some(
    (part) => part.kind === 'copyMark' || (part.kind === 'mark' && (part as Extract<Test, { kind: 'mark' }>).register === 'connection'),
  );
}
