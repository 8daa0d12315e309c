import type { Fact } from '../proxy/facts/fact.ts';
import { type IpvsReadiness, ipvsReadiness } from '../services/ipvs-readiness.ts';
import { nodeView } from '../services/node-facts.ts';
import type { NodeFacts } from '../services/facts-of-node.ts';
import { realTroubles } from '../read/kinds/node-knowledge.ts';
import type { ServicePort } from '../proxy/service-table.ts';
import { momentOf, type LeftOut } from '../read/moments/earlier-moments.ts';
import { lastOfEachHost } from '../read/read-snapshot.ts';
import type { RuleTable } from '../state/model.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { type ReportHead, SCHEMA_VERSION } from '../report.ts';
import { assumptionsOf } from './assumptions.ts';
import { factText, factTitle } from './fact-words.ts';

/** One fact as it is shown. */
export interface ExplainedFact {
  /** Its name, as `masqueradeAll`. */
  readonly name: string;
  /** In words: `masquerade all`. */
  readonly title: string;
  readonly value: unknown;
  /** The value in words: `yes`, `14 (0x4000)`. */
  readonly text: string;
  readonly because: string;
  readonly confidence: 'certain' | 'likely';
  readonly evidence: readonly { readonly source: string; readonly lines: readonly [number, number] }[];
}

/** What a node's service proxy does. */
export interface Explanation extends ReportHead<'explain'> {
  /** One sentence: which mode runs, or why it does not. */
  readonly summary: string;
  readonly ipvs: Pick<IpvsReadiness, 'verdict' | 'asked' | 'used'>;
  readonly facts: readonly ExplainedFact[];
  readonly servicePorts: readonly ServicePort[];
  /** Why `servicePorts` is empty, where that is not because no service is served; one sentence without its full stop. */
  readonly noServices?: string;
  /** What the listings do not show, and what was taken in its place. */
  readonly assumptions: readonly string[];
  readonly troubles: Snapshot['troubles'];
  /** The machine; missing = no text names it. */
  readonly host?: string;
  /** The latest time that its outputs show. */
  readonly time?: string;
  /** Outputs of earlier moments of this host, which are not explained; missing = there are none. */
  readonly leftOut?: LeftOut;
  /** The same of other hosts that the same text or folder shows; missing = there are none. */
  readonly otherHosts?: readonly Explanation[];
}

/** Facts in the order in which they are told. */
const FACTS: readonly (keyof NodeFacts)[] = [
  'modeAsked',
  'modeUsed',
  'proxyMode',
  'version',
  'otherProxy',
  'generation',
  'kernel',
  'scheduler',
  'schedulerAsked',
  'clusterCidr',
  'masqueradeAll',
  'masqueradeBit',
  'strictArp',
  'sourceRanges',
  'nodePorts',
];

/**
 * What this node's service proxy does: how it is set up, with evidence, and where connections to each service port go.
 *
 * @example
 * explainSnapshot(snapshot).summary // => 'kube-proxy v1.30.3 runs in ipvs mode'
 */
export function explainSnapshot(snapshot: Snapshot): Explanation {
  const view = nodeView(snapshot);
  const readiness = ipvsReadiness(view);
  const { verdict, asked, used } = readiness;
  const facts = FACTS.flatMap((name) => {
    const fact = view.facts[name];
    return fact === undefined ? [] : [explained(snapshot, name, fact)];
  });
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'explain',
    summary: summaryOf(readiness, view.facts),
    ipvs: { verdict, ...(asked === undefined ? {} : { asked }), ...(used === undefined ? {} : { used }) },
    facts,
    servicePorts: view.table.servicePorts,
    ...noServicesOf(view),
    assumptions: assumptionsOf(view),
    troubles: realTroubles(snapshot),
    ...momentOf(snapshot),
  };
}

/**
 * What the service proxy of each host does at its last moment: of the first one, with the others in `otherHosts`.
 *
 * @example
 * explainSnapshots(readSnapshots([{ name: 'ticket.txt', content: paste }])).leftOut?.moments // => 3
 */
export function explainSnapshots(snapshots: readonly [Snapshot, ...Snapshot[]]): Explanation {
  const [first, ...others] = lastOfEachHost(snapshots);
  const explanation = explainSnapshot(first);
  return others.length === 0 ? explanation : { ...explanation, otherHosts: others.map(explainSnapshot) };
}

/** No service is shown: that none is served only tables say that serve, and that are whole. */
function noServicesOf({ model, table }: ReturnType<typeof nodeView>): Pick<Explanation, 'noServices'> {
  if (table.servicePorts.length > 0) return {};
  const nat = [model.tables.get('ipv4 nat'), model.tables.get('ipv6 nat')].filter((one) => one !== undefined);
  const { ipvs } = model;
  const partial = [...nat, ...(ipvs === undefined ? [] : [ipvs])].find(({ complete }) => !complete);
  const others = translatingRules(nat);
  if (partial !== undefined)
    return { noServices: `No service is shown, and not everything is (${partial.partialBecause ?? 'lines are missing'})${others}` };
  if (ipvs !== undefined && nat.length > 0) return others === '' ? {} : { noServices: `No service is served${others}` };
  if (ipvs !== undefined) return { noServices: 'No service is served by IPVS, and no nat table is shown' };
  return {
    noServices:
      nat.length > 0
        ? `No service is served by nat, and no IPVS table is shown${others}`
        : 'What is served is not known: the snapshot shows neither an IPVS table nor a nat table',
  };
}

/** Rules that lead connections to another place although no service is shown, the first three by name. */
function translatingRules(nat: readonly RuleTable[]): string {
  const names = nat.flatMap(({ chains }) =>
    [...chains.values()].flatMap((chain) =>
      chain.rules.flatMap(({ parsed, number }) =>
        TRANSLATING.has(parsed.target?.kind ?? '') ? [chain.name === '' ? `rule ${number}` : `${chain.name}#${number}`] : [],
      ),
    ),
  );
  if (names.length === 0) return '';
  return `; rules that translate destinations: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

const TRANSLATING: ReadonlySet<string> = new Set(['DnatTarget', 'RedirectTarget', 'NetmapTarget']);

function explained(snapshot: Snapshot, name: keyof NodeFacts, fact: Fact<unknown>): ExplainedFact {
  return {
    name,
    title: factTitle(name),
    value: fact.value,
    text: factText(name, fact.value),
    because: fact.because,
    confidence: fact.confidence ?? 'certain',
    evidence: fact.origins.flatMap(({ part, lines }) =>
      snapshot.parts[part] === undefined ? [] : [{ source: snapshot.parts[part].source, lines }],
    ),
  };
}

function summaryOf({ verdict, text }: IpvsReadiness, facts: NodeFacts): string {
  const version = facts.version === undefined ? '' : ` ${facts.version.value}`;
  const used = facts.modeUsed?.value;
  if (verdict === 'cannot' || used === undefined || used === 'mixed') return text;
  if (used === 'none') return text;
  return `kube-proxy${version} runs in ${used} mode`;
}
