import { type RuleDifference, ruleOf, sidesOf } from '../../differences/difference.ts';
import type { RuleEntry } from '../../state/model.ts';
import { frontendLabel, type Frontend } from '../../services/frontends.ts';
import type { Detail } from '../../report.ts';
import { type FlowDifference, isRefusal, meetsRule } from '../packets/flow-differences.ts';
import { baseName } from '../services/service-groups.ts';
import { arrivalText, counted, listed, packetsOf } from '../words.ts';

/** A difference of a rule, and the table it is in. */
export interface TableRule {
  readonly difference: RuleDifference;
  readonly table: string;
}

/** Whom a difference is about: the services where there are some, else the packets that meet the rule. */
export function whom(flows: readonly FlowDifference[], about: TableRule): string {
  const named = flows.filter((flow) => flow.frontend !== undefined);
  const [proof] = named;
  if (proof === undefined) return packetsMeant(flows, about);
  const amount = about.difference.kind === 'match-changed' ? otherAmount(proof, about.difference) : undefined;
  return amount === undefined ? servicesText(named) : `${servicesText(named)}: ${amount}`;
}

/**
 * The packets of the rule that the proof meets, which for other conditions may be the old one alone: `packets of tcp to port 80 that no
 * longer match the rule`.
 */
export function packetsMeant(flows: readonly FlowDifference[], { difference, table }: TableRule): string {
  const [proof] = flows;
  const asksForArrival = sidesOf(difference).some(({ conditions }) => conditions.some(({ kind }) => kind === 'in'));
  const narrowed = `${narrowedText(flows)}${asksForArrival ? '' : arrivalText(flows)}`;
  const behind = packetsBehind(flows, difference);
  if (behind !== undefined) return `packets ${behind}`;
  const of = (rule: RuleEntry): string => `packets ${packetsOf(withoutNarrowed(rule, flows))}${narrowed}`;
  if (difference.kind === 'added') return of(difference.after);
  if (difference.kind !== 'match-changed' || proof === undefined) return of(ruleOf(difference));
  const other = otherAmount(proof, difference);
  if (other !== undefined) return `${other}${narrowed}`;
  if (!meetsRule(proof.after, table, difference.after)) return `${of(difference.before)} that no longer match the rule`;
  return `${of(difference.after)}${meetsRule(proof.before, table, difference.before) ? '' : ' that did not meet the rule before'}`;
}

/** The rule without the conditions that are told narrower of all flows. */
function withoutNarrowed(rule: RuleEntry, flows: readonly FlowDifference[]): RuleEntry {
  if (narrowedText(flows) === '') return rule;
  const isTold = ({ kind }: RuleEntry['conditions'][number]): boolean =>
    flows.every(({ narrowed = [] }) => narrowed.some(({ insteadOf }) => insteadOf === kind));
  return { ...rule, conditions: rule.conditions.filter((condition) => condition.not || !isTold(condition)) };
}

/** Of a rule whose amounts alone changed: how many packets match it is what differs. */
function otherAmount(
  { amounts }: FlowDifference,
  { before, after }: Extract<RuleDifference, { kind: 'match-changed' }>,
): string | undefined {
  if (amounts === undefined) return undefined;
  const [was, is] = [before, after].map(({ conditions }) =>
    conditions.find(({ text }) => text === amounts.meets || text === amounts.fails),
  );
  if (was === undefined || is === undefined) return undefined;
  const rest = { ...after, conditions: after.conditions.filter((condition) => condition !== is) };
  return `${is.text === amounts.meets ? 'more' : 'fewer'} packets ${packetsOf(rest)} match the rule (${is.text}, was ${was.text})`;
}

/** What no packet of these is without, beyond what the rule asks for: a translated one is told by its service. */
function narrowedText(flows: readonly FlowDifference[]): string {
  const lists = flows.map(({ narrowed = [], before, after, frontend }) =>
    frontend !== undefined && before.endpoints.length + after.endpoints.length > 0 ? [] : narrowed.map(({ text }) => text),
  );
  if (lists.length === 0 || lists.some((list) => list.length === 0)) return '';
  // Of two that are alike but for more said of one, the other one has its packets.
  const isWider = (one: readonly string[], other: readonly string[]): boolean =>
    one.length < other.length && one.every((text) => other.includes(text));
  const widest = lists.filter((list) => !lists.some((other) => isWider(other, list)));
  const texts = new Set(widest.map((list) => list.join(' ')));
  const [first, second] = texts;
  return texts.size > 3 ? ` ${first ?? ''}, ${second ?? ''} and ${texts.size - 2} more kinds` : ` ${[...texts].join(' or ')}`;
}

/** Of a jump without conditions: the packets that the rules behind it decide about. */
function packetsBehind(flows: readonly FlowDifference[], difference: RuleDifference): string | undefined {
  const rule = difference.kind === 'added' ? difference.after : difference.kind === 'removed' ? difference.before : undefined;
  if (rule?.target.kind !== 'jump' || rule.conditions.length > 0) return undefined;
  const side = difference.kind === 'added' ? 'after' : 'before';
  const deciding = new Set(
    flows.flatMap((flow) =>
      isRefusal(flow[side]) && flow[side].decidedBy !== 'ipvs' && flow[side].decidedBy?.rule !== undefined
        ? [packetsOf(flow[side].decidedBy.rule)]
        : [],
    ),
  );
  return deciding.size === 0 || deciding.has('of any kind') ? undefined : listed([...deciding], 3);
}

export function frontendsOf(flows: readonly FlowDifference[]): Frontend[] {
  const frontends = new Map<string, Frontend>();
  for (const { frontend } of flows) if (frontend !== undefined) frontends.set(frontend.key, frontend);
  return [...frontends.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** One name for each service port: a node port is there on every address of the node. */
function labels(flows: readonly FlowDifference[], most: number): string {
  const names = frontendsOf(flows).map((frontend) =>
    frontend.purpose === 'node port' && frontend.servicePort !== undefined
      ? `${frontend.servicePort} (node port ${frontend.port}/${frontend.protocol})`
      : frontendLabel(frontend),
  );
  return listed([...new Set(names)].sort(), most);
}

/** `default/web (tcp 10.96.0.1:80)`, or `6 node-port addresses of prod/syslog and prod/web` where there are many. */
export function servicesText(flows: readonly FlowDifference[]): string {
  const frontends = frontendsOf(flows);
  if (frontends.length <= 3) return listed(frontends.map(frontendLabel));
  const services = [...new Set(frontends.flatMap(({ servicePort }) => (servicePort === undefined ? [] : [baseName(servicePort)])))].sort();
  const purposes = new Set(frontends.map((frontend) => frontend.purpose));
  const kind =
    purposes.size === 1 && purposes.has('node port')
      ? 'node-port address'
      : purposes.size === 1 && purposes.has('cluster IP')
        ? 'cluster-IP address'
        : 'service address';
  const of = services.length === 0 ? '' : ` of ${listed(services)}`;
  return `${leastOf(flows)}${counted(frontends.length, kind, `${kind}es`)}${of}`;
}

/** Where more packets differ than were looked at, there may be more of everything. */
function leastOf(flows: readonly FlowDifference[]): string {
  return flows.some(({ amongMore }) => amongMore === true) ? 'at least ' : '';
}

/** The names of services that {@link servicesText} only counts. */
export function manyServices(flows: readonly FlowDifference[]): Detail[] {
  return frontendsOf(flows).length > 3 ? [{ label: 'services', text: `${leastOf(flows)}${labels(flows, 12)}` }] : [];
}
