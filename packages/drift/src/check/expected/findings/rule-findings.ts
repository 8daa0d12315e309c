import { catalogueSet } from '../../../proxy/names/set-catalogue.ts';
import { CHAIN } from '../../../proxy/names/fixed-names.ts';
import { isProxyChain } from '../../../proxy/names/chain-roles.ts';
import type { NodeView } from '../../../services/node-facts.ts';
import { buildModel } from '../../../state/build-model.ts';
import type { RuleEntry, RuleTable } from '../../../state/model.ts';
import { fixedIptablesRules } from '../../../desired/iptables/iptables-rules.ts';
import { desiredRules } from '../../../desired/ipvs/ipvs-rules.ts';
import { CATALOGUE_CHAINS } from '../../../proxy/names/chain-catalogue.ts';
import type { SetRole } from '../../../proxy/names/set-catalogue.ts';
import type { DesiredSet } from '../../../desired/ipvs/ipvs-sets.ts';
import type { DesiredIpvs } from '../../../desired/ipvs/ipvs-tables.ts';
import type { Family, ProxySettings } from '../../../desired/settings.ts';
import { readSnapshot } from '../../../read/read-snapshot.ts';
import type { FoundThing } from '../../finding.ts';
import { ruleFinding } from '../rules/rule-kinds.ts';
import type { Expectation } from '../expectation.ts';
import type { Explained } from '../explained.ts';
import { knowsNodeIp } from '../open-addresses.ts';
import { dropsInvalid, invalidPacketFindings } from './invalid-packets.ts';

interface ChainDifference {
  readonly table: string;
  readonly chain: string;
  readonly missing: readonly RuleEntry[];
  readonly extra: readonly RuleEntry[];
  /** The same rules in another order. */
  readonly reordered: boolean;
  /** A chain with rules that this version does not have; it counts against the version, and is told as left over. */
  readonly unasked?: true;
}

/**
 * Rules in kube-proxy's own chains that are missing, that it does not write, or that stand in another order: in ipvs mode all of them, in
 * iptables mode those that hang on no service.
 */
export function ruleFindings(view: NodeView, { ipvs, known, places, readings }: Expectation, explained: Explained): FoundThing[] {
  const mode = view.facts.proxyMode?.value;
  if (known === undefined || known.settings.mode !== mode || (mode !== 'ipvs' && mode !== 'iptables')) return [];
  const ofServices = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const tables = ['nat', 'filter']
      .flatMap((name) => view.model.tables.get(`${family} ${name}`) ?? [])
      .filter(({ complete, interfacesHidden, namesHosts }) => complete && !interfacesHidden && !namesHosts);
    if (tables.length === 0) return [];
    const differences = readings.map(({ settings }, index) =>
      differencesOf(tables, linesOf(ipvs[index], family, settings), mode, known.podsAreKnown),
    );
    const [closest = []] = differences.sort((one, other) => countOf(one) - countOf(other));
    const wanted = ipvs[0]?.sets.filter((set) => set.family === family) ?? [];
    const unused = places.some((place) => place.family === family) ? [] : (['cluster-ip'] as const);
    const idle = new Set<SetRole>([...wanted.filter(({ members }) => members.size === 0).map(({ role }) => role), ...unused]);
    const decided = closest.filter(({ chain }) => chain !== CHAIN.ipvsOutFilter || knowsNodeIp(known, family));
    return decided.flatMap((difference) => findingsOf(view, withoutExplained(view, difference, wanted, explained), family, idle));
  });
  return mode === 'iptables' ? [...ofServices, ...invalidPacketFindings(view, readings)] : ofServices;
}

/** A rule that looks into a set stands while the set has members: where these are wrong, the rule is too. */
function withoutExplained(
  { model }: NodeView,
  difference: ChainDifference,
  wanted: readonly DesiredSet[],
  explained: Explained,
): ChainDifference {
  const uneven = new Set(
    wanted
      .filter(({ name, members }) => (model.sets?.sets.get(name)?.members?.size ?? members.size) > 0 !== members.size > 0)
      .map(({ name }) => name),
  );
  const follows = ({ conditions }: RuleEntry): boolean =>
    conditions.some(
      (condition) =>
        (condition.kind === 'set' && uneven.has(condition.set)) ||
        (condition.kind === 'source' && explained.addresses.has(condition.block)),
    );
  return {
    ...difference,
    missing: difference.missing.filter((rule) => !follows(rule)),
    extra: difference.extra.filter((rule) => !follows(rule)),
  };
}

function countOf(differences: readonly ChainDifference[]): number {
  return differences.reduce(
    (sum, { missing, extra, reordered, unasked }) => sum + missing.length + extra.length + (reordered ? 1 : 0) + (unasked === true ? 1 : 0),
    0,
  );
}

/** The rules that one reading of the settings asks for. */
function linesOf(wanted: DesiredIpvs | undefined, family: Family, settings: ProxySettings): readonly string[] {
  return wanted === undefined ? fixedIptablesRules(settings) : desiredRules(wanted, family, settings);
}

function differencesOf(
  tables: readonly RuleTable[],
  lines: readonly string[],
  mode: 'ipvs' | 'iptables',
  podsAreKnown: boolean,
): ChainDifference[] {
  return tables.flatMap((table) => {
    const { family } = table;
    const model = buildModel(
      readSnapshot([
        { name: family === 'ipv4' ? 'iptables-save' : 'ip6tables-save', content: saveText(lines, table.name), as: table.name },
      ]),
    );
    const asked = model.tables.get(`${family} ${table.name}`);
    const unasked = CATALOGUE_CHAINS.filter(
      (chain) =>
        chain.mode === mode &&
        mode === 'ipvs' &&
        chain.table === table.name &&
        asked?.chains.has(chain.name) === false &&
        (table.chains.get(chain.name)?.rules.length ?? 0) > 0,
    );
    const foreign = unasked.map(({ name }): ChainDifference => ({
      table: table.name,
      chain: name,
      missing: [],
      extra: [],
      reordered: false,
      unasked: true,
    }));
    const differing = [...(asked?.chains.values() ?? [])].flatMap(({ name, rules }): ChainDifference[] => {
      const there = table.chains.get(name);
      if (there === undefined) return [];
      const keyOf = (rule: RuleEntry): string => keyWithoutSettings(rule, podsAreKnown);
      const missing = without(rules, there.rules, keyOf).filter((rule) => isProxyChain(name) || isIdleAnchor(rule, table));
      const extra = isProxyChain(name)
        ? without(there.rules, rules, keyOf).filter((rule) => !(mode === 'iptables' && dropsInvalid(rule)))
        : [];
      if (!isProxyChain(name)) return missing.length === 0 ? [] : [{ table: table.name, chain: name, missing, extra, reordered: false }];
      const sameRules = missing.length + extra.length === 0;
      const reordered =
        sameRules &&
        mode === 'ipvs' &&
        name !== CHAIN.ipvsOutFilter &&
        rules.some((rule, index) => keyOf(rule) !== keyOf(there.rules[index] as RuleEntry));
      return sameRules && !reordered ? [] : [{ table: table.name, chain: name, missing, extra, reordered }];
    });
    return [...differing, ...foreign];
  });
}

/** Jumps from built-in chains to chains that always have something to do are told by themselves. */
function isIdleAnchor({ target }: RuleEntry, table: RuleTable): boolean {
  const chain =
    target.kind === 'jump' ? CATALOGUE_CHAINS.find(({ name, table: home }) => name === target.chain && home === table.name) : undefined;
  return chain?.mayBeIdle === true && target.kind === 'jump' && table.chains.has(target.chain);
}

/** The rules of one table as `iptables-save` prints them. */
function saveText(lines: readonly string[], table: string): string {
  const start = lines.indexOf(`*${table}`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('*'));
  const own = lines.slice(start + 1, end < 0 ? undefined : end);
  const chains = new Set(own.map((line) => line.split(' ')[1] ?? ''));
  return [`*${table}`, ...[...chains].map((chain) => `:${chain} ${isProxyChain(chain) ? '-' : 'ACCEPT'} [0:0]`), ...own, 'COMMIT', ''].join(
    '\n',
  );
}

/**
 * Whether ports are chosen at random hangs on iptables, and where no input tells how pods are told from others, that rule has a free form.
 */
function keyWithoutSettings({ key, target, conditions }: RuleEntry, podsAreKnown: boolean): string {
  if (target.kind === 'snat') return key.slice(0, key.length - target.text.length);
  const clusterIps =
    target.kind === 'jump' &&
    target.chain === CHAIN.markMasq &&
    conditions.some((condition) => condition.kind === 'set' && catalogueSet(condition.set)?.set.role === 'cluster-ip');
  return clusterIps && !podsAreKnown ? 'cluster IPs' : key;
}

/** Rules of one list that the other lacks, each as often as it does. */
function without(rules: readonly RuleEntry[], others: readonly RuleEntry[], keyOf: (rule: RuleEntry) => string): RuleEntry[] {
  const counts = new Map<string, number>();
  for (const rule of others) counts.set(keyOf(rule), (counts.get(keyOf(rule)) ?? 0) + 1);
  return rules.filter((rule) => {
    const left = counts.get(keyOf(rule)) ?? 0;
    counts.set(keyOf(rule), left - 1);
    return left <= 0;
  });
}

function findingsOf(
  view: NodeView,
  { table, chain, missing, extra, reordered }: ChainDifference,
  family: Family,
  idle: ReadonlySet<SetRole>,
): FoundThing[] {
  const place = `${family === 'ipv6' ? 'IPv6 ' : ''}${table} ${chain}`;
  const subject = { kind: 'iptables.chain', name: place } as const;
  const origin = view.model.tables.get(`${family} ${table}`)?.chains.get(chain)?.origin;
  const origins = origin === undefined ? [] : [origin];
  const found = missing.map((rule) =>
    ruleFinding('x.rule-missing', {
      ...(isIdle(table, chain, rule, idle) || leadsToNothing(view, table, family, rule) ? { severity: 'notice' as const } : {}),
      subject,
      values: [rule.key],
      text: `${place} lacks the rule "${rule.key}", which kube-proxy writes`,
      lookAt: `${family === 'ipv6' ? 'ip6tables' : 'iptables'} -t ${table} -S ${chain}`,
      origins,
    }),
  );
  found.push(
    ...extra.map((rule) =>
      ruleFinding('x.rule-not-expected', {
        subject,
        values: [rule.key],
        text: `${place} has the rule "${rule.key}", which kube-proxy does not write`,
        origins: [rule.origin],
      }),
    ),
  );
  if (reordered)
    found.push(
      ruleFinding('x.rule-not-expected', {
        subject,
        text: `the rules of ${place} stand in another order than kube-proxy writes them`,
        origins,
      }),
    );
  return found;
}

/** What has to have members so that rules of a chain matter. */
const NEEDED: Readonly<Record<string, SetRole>> = {
  [`filter ${CHAIN.proxyFirewall}`]: 'restricted',
  [`filter ${CHAIN.sourceRangesFirewall}`]: 'restricted',
  [`filter ${CHAIN.ipvsOutFilter}`]: 'restricted',
  [`filter ${CHAIN.nodePort}`]: 'health-check',
  [`nat ${CHAIN.firewall}`]: 'restricted',
  [`nat ${CHAIN.loadBalancer}`]: 'load-balancer',
};

/** Whether no service of the cluster needs a rule now. */
function isIdle(table: string, chain: string, { target }: RuleEntry, idle: ReadonlySet<SetRole>): boolean {
  const needed = NEEDED[`${table} ${isProxyChain(chain) || target.kind !== 'jump' ? chain : target.chain}`] ?? 'cluster-ip';
  return idle.has(needed);
}

/** A jump to a chain without rules. */
function leadsToNothing({ model }: NodeView, table: string, family: Family, { target }: RuleEntry): boolean {
  return target.kind === 'jump' && model.tables.get(`${family} ${table}`)?.chains.get(target.chain)?.rules.length === 0;
}
