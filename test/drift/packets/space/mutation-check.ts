import { corpusFile, corpusFiles, hasCorpus } from '../../../support/corpus.ts';
import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { parseIpset } from '@netdrift/ipset';
import { buildModel } from '../../../../packages/drift/src/state/build-model.ts';
import { compareWorlds } from '../../../../packages/drift/src/packets/space/compare-worlds.ts';
import { buildWorld } from '../../../../packages/drift/src/world/build-world.ts';
import type { World } from '../../../../packages/drift/src/world/world.ts';
import { differ, holdsBy, holdsPacket, materialOf, nodeOf, packetOf, randomPacket, tablesOf } from './brute-force.ts';
import { outcomesOf } from './oracle.ts';
import { mutate } from './mutations.ts';
import { randomOf } from './random.ts';

/** What the brute force found. */
export interface Tally {
  pairs: number;
  equal: number;
  different: number;
  undecided: number;
  /** Reports of `diff` in which an effect could not be determined, each with the reason. */
  undecidedReports: number;
  readonly reasons: string[];
  packets: number;
  differing: number;
  wrongEqual: number;
  outside: number;
  regions: number;
  regionPackets: number;
  notDiffering: number;
  /** Pairs and packets that the oracle cannot be asked about. */
  skipped: number;
  readonly faults: string[];
}

export const emptyTally = (): Tally => ({
  pairs: 0,
  equal: 0,
  different: 0,
  undecided: 0,
  undecidedReports: 0,
  reasons: [],
  packets: 0,
  differing: 0,
  wrongEqual: 0,
  outside: 0,
  regions: 0,
  regionPackets: 0,
  notDiffering: 0,
  skipped: 0,
  faults: [],
});

const LOCAL = { ipv4: ['192.168.10.11'], ipv6: ['fd00::11'] };

function snapshotOf(save: string, sets: string | undefined, family: 'ipv4' | 'ipv6'): Snapshot {
  return readSnapshot([
    { name: family === 'ipv4' ? 'iptables-save.txt' : 'ip6tables-save.txt', content: save },
    ...(sets === undefined ? [] : [{ name: 'ipset-save.txt', content: sets }]),
  ]);
}

/** The world of a save form, with what the oracle is told too. */
function worldOf(save: string, sets: string | undefined, family: 'ipv4' | 'ipv6'): World {
  const model = buildModel(snapshotOf(save, sets, family));
  const addresses = { node: LOCAL[family], pods: [], services: new Set<string>(), bound: [], boundListed: false };
  return buildWorld(model, { addresses, usualIpvsConntrack: true, forwards: true }, family);
}

/** A save form of the corpus, and the sets beside it. */
export interface SavedTables {
  readonly path: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly sets?: string;
}

/** The tables of the scenarios and of the captures, but those of thousands of services. */
export function savedTables(): SavedTables[] {
  const paths = [
    ...corpusFiles('iptables/scenarios', (path) => /\/rules\.v[46]$/.test(path) && !path.includes('5000')),
    ...['kube-proxy', 'kube-proxy-modes'].flatMap((folder) => corpusFiles(folder, (path) => /\/ip6?tables-save\.txt$/.test(path))),
  ];
  return paths.map((path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const sets = [`${folder}/ipset.restore`, `${folder}/ipset-save.txt`].find((one) => hasCorpus(one));
    return { path, family: /v6$|ip6tables/.test(path) ? 'ipv6' : 'ipv4', ...(sets === undefined ? {} : { sets }) };
  });
}

/** Compares a save form with mutations of it, and asks the oracle about random packets and about the regions. */
export function checkMutations(
  { path, family, sets: setsPath }: SavedTables,
  options: { mutations: number; packets: number; seed: number },
  tally: Tally,
): void {
  const text = corpusFile(path);
  const sets = setsPath === undefined ? undefined : corpusFile(setsPath);
  const parsedSets = sets === undefined ? undefined : parseIpset(sets).value;
  const random = randomOf(options.seed);
  for (let made = 0; made < options.mutations; made++) {
    const mutation = mutate(text, random);
    if (mutation === undefined) continue;
    const name = `${path} #${made} ${mutation.what}`;
    const [before, after] = [worldOf(text, sets, family), worldOf(mutation.text, sets, family)];
    const { space, answers } = compareWorlds(before, after);
    tally.pairs++;
    const report = diffSnapshots(snapshotOf(text, sets, family), snapshotOf(mutation.text, sets, family));
    const open = report.changes.filter(({ effect }) => effect === 'undecided');
    if (open.length > 0) tally.undecidedReports++;
    tally.reasons.push(...open.map(({ text: reason }) => `${name}: ${reason}`));
    const undecided = answers.some(({ answer }) => answer.kind === 'undecided' || (answer.kind === 'different' && answer.more));
    const regions = answers.flatMap(({ answer }) => (answer.kind === 'different' ? answer.regions : []));
    tally[answers.some(({ answer }) => answer.kind === 'undecided') ? 'undecided' : regions.length > 0 ? 'different' : 'equal']++;
    tally.regions += regions.length;
    const [one, other] = [tablesOf(text, family), tablesOf(mutation.text, family)];
    const local = new Set(LOCAL[family]);
    const ipsets = parsedSets !== undefined && 'sets' in parsedSets ? parsedSets.sets : [];
    const node = (tables: typeof one, holds: ReturnType<typeof holdsBy>): ReturnType<typeof nodeOf> =>
      nodeOf(tables, family, ipsets, local, holds);
    const material = materialOf([...one, ...other], family, []);
    const changed = materialOf(differing(one, other), family, []).rules;
    const close = changed.length === 0 ? material : { ...material, rules: changed };
    try {
      for (let sent = 0; sent < options.packets; sent++) {
        const packet = randomPacket(sent % 3 === 0 ? material : close, random, local);
        // The kernel drops what arrives with a source address of its own, before it asks any rule but those of raw and mangle.
        if (packet.entry === 'prerouting' && local.has(packet.source)) continue;
        const holds = holdsBy(random.below(2 ** 31));
        tally.packets++;
        if (!differ(node(one, holds), node(other, holds), packet)) continue;
        tally.differing++;
        if (regions.length === 0 && !undecided) {
          tally.wrongEqual++;
          tally.faults.push(
            `WRONG EQUAL ${name}: ${JSON.stringify(packet)} ${fates(node(one, holds), packet)} / ${fates(node(other, holds), packet)}`,
          );
        } else if (
          !undecided &&
          !regions.some((region) => region.entry === packet.entry && holdsPacket(region.set, packet, space, holds))
        ) {
          tally.outside++;
          tally.faults.push(
            `OUTSIDE ${name}: ${JSON.stringify(packet)} ${fates(node(one, holds), packet)} / ${fates(node(other, holds), packet)}`,
          );
        }
      }
      for (const region of regions) {
        for (let round = 0; round < 3; round++) {
          const found = packetOf(region, space, random);
          if (found === undefined) {
            tally.skipped++;
            continue;
          }
          tally.regionPackets++;
          const holds = holdsBy(random.below(2 ** 31), found.given);
          if (differ(node(one, holds), node(other, holds), found.packet)) continue;
          tally.notDiffering++;
          tally.faults.push(
            `NO DIFFERENCE ${name}: ${JSON.stringify(found.packet)} given ${JSON.stringify([...found.given])} ${fates(node(one, holds), found.packet)} / ${fates(node(other, holds), found.packet)} net ${JSON.stringify(region.net, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
          );
        }
      }
    } catch (error) {
      if (!(error instanceof Error) || !/oracle|cannot decide/.test(error.message)) throw error;
      tally.skipped++;
    }
  }
}

function fates(node: Parameters<typeof outcomesOf>[0], packet: Parameters<typeof outcomesOf>[1]): string {
  return JSON.stringify([...outcomesOf(node, packet)]);
}

/** The rules of tables that are not the same on both sides. */
function differing(one: ReturnType<typeof tablesOf>, other: ReturnType<typeof tablesOf>): ReturnType<typeof tablesOf> {
  const textOf = (rule: object): string =>
    JSON.stringify(rule, (key, value: unknown) => (key === 'span' || key === 'counters' ? undefined : value));
  const keys = (tables: typeof one): Set<string> =>
    new Set(
      tables.flatMap(({ chains }) => chains.flatMap(({ name, rules }) => rules.map((rule, place) => `${name}#${place} ${textOf(rule)}`))),
    );
  const [known, rival] = [keys(one), keys(other)];
  const left = (tables: typeof one, known2: Set<string>): typeof one =>
    tables.map((table) => ({
      ...table,
      chains: table.chains.map((chain) => ({
        ...chain,
        rules: chain.rules.filter((rule, place) => !known2.has(`${chain.name}#${place} ${textOf(rule)}`)),
      })),
    }));
  return [...left(one, rival), ...left(other, known)];
}
