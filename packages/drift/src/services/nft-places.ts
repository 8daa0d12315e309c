import type { Value } from '../world/field.ts';
import type { Rule, RuleSet, Test, Verdict } from '../world/ir.ts';
import type { KeyField, Lookup, LookupEntry } from '../world/lookup.ts';

/** A place where rules of nft ask for a service: an address and port, or a port at some addresses of the node. */
export interface NftPlace {
  /** Number. */
  readonly protocol: number;
  /** Missing: of a node port. */
  readonly address?: Value;
  readonly port: number;
  /** Of a node port: its addresses; missing where every address of the node has it. */
  readonly nodeAddresses?: readonly Value[];
  readonly table: string;
  /** The maps that have it, and what they hold for it. */
  readonly verdicts: readonly Verdict[];
}

/**
 * The places for which the tables of nft hold something, by walking from the base chains: every verdict map that is asked for a destination
 * port, and every rule that asks for one address and one port. Names of chains and maps are not looked at.
 */
export function nftPlaces(rules: RuleSet, tables: ReadonlySet<string>): readonly NftPlace[] {
  const places = new Map<string, NftPlace>();
  for (const { table, chain } of rules.base) {
    if (!tables.has(table)) continue;
    const chains = rules.tables.get(table)?.chains;
    const seen = new Set([chain.name]);
    const waiting = [{ rules: chain.rules, tests: [] as readonly Test[] }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const rule of next.rules) {
        const tests = [...next.tests, ...testsOf(rule)];
        const found = rule.verdict.kind === 'map' ? ofMap(rule.verdict.in, tests, table) : ofRule(rule.verdict, tests, table);
        for (const place of found) addPlace(places, place);
        const target = rule.verdict.kind === 'jump' || rule.verdict.kind === 'goto' ? chains?.get(rule.verdict.chain) : undefined;
        if (target === undefined || seen.has(target.name) || found.length > 0) continue;
        seen.add(target.name);
        waiting.push({ rules: target.rules, tests });
      }
    }
  }
  return [...places.values()];
}

function addPlace(places: Map<string, NftPlace>, place: NftPlace): void {
  const key = `${place.table} ${place.protocol} ${String(place.address ?? `@${(place.nodeAddresses ?? []).join()}`)} ${place.port}`;
  const known = places.get(key);
  places.set(key, known === undefined ? place : { ...known, verdicts: [...known.verdicts, ...place.verdicts] });
}

function testsOf({ body }: Rule): Test[] {
  return body.filter(
    (part): part is Test => !['mark', 'copyMark', 'notrack', 'effect'].includes(part.kind) || ('not' in part && part.kind === 'mark'),
  );
}

function ofMap({ key, entries }: Lookup<Verdict>, tests: readonly Test[], table: string): NftPlace[] {
  const at = (field: KeyField): number => key.indexOf(field);
  if (at('destinationPort') < 0) return [];
  return entries.flatMap((entry): NftPlace[] => {
    const port = single(entry, at('destinationPort'));
    const protocol = at('protocol') < 0 ? protocolOf(tests) : single(entry, at('protocol'));
    if (typeof port !== 'number' || typeof protocol !== 'number') return [];
    const place = { protocol, port, table, verdicts: [entry.value] };
    if (at('destination') < 0) return [withNodeAddresses(place, tests)];
    const address = single(entry, at('destination'));
    return address === undefined ? [] : [{ ...place, address }];
  });
}

/** `ip daddr 10.96.0.10 udp dport 53 goto …` */
function ofRule(verdict: Verdict, tests: readonly Test[], table: string): NftPlace[] {
  if (verdict.kind === 'continue' || verdict.kind === 'return' || verdict.kind === 'accept') return [];
  const protocol = protocolOf(tests);
  const port = only(tests, 'destinationPort');
  const address = only(tests, 'destination');
  return protocol === undefined || typeof port !== 'number' || address === undefined
    ? []
    : [{ protocol, address, port, table, verdicts: [verdict] }];
}

function single({ bounds }: LookupEntry<unknown>, index: number): Value | undefined {
  const low = bounds[2 * index];
  return low === bounds[2 * index + 1] ? low : undefined;
}

function protocolOf(tests: readonly Test[]): number | undefined {
  const protocol = only(tests, 'protocol');
  return typeof protocol === 'number' ? protocol : undefined;
}

function only(tests: readonly Test[], field: string): Value | undefined {
  for (const test of tests)
    if (test.kind === 'field' && test.field === field && test.in.length === 2 && test.in[0] === test.in[1]) return test.in[0];
  return undefined;
}

/** Which addresses of the node have a node port: those of a set, or all that are local. */
function withNodeAddresses(place: NftPlace, tests: readonly Test[]): NftPlace {
  for (const test of tests) {
    const bounds = test.kind === 'field' && test.field === 'destination' ? test.in : [];
    const singles = bounds.filter((bound, index) => index % 2 === 0 && bound === bounds[index + 1]);
    if (singles.length > 0 && singles.length === bounds.length / 2) return { ...place, nodeAddresses: singles };
    if (test.kind !== 'member' || test.not || test.of.key.length !== 1 || test.of.key[0] !== 'destination' || test.of.partial) continue;
    return { ...place, nodeAddresses: test.of.entries.flatMap((entry) => single(entry, 0) ?? []) };
  }
  return place;
}
