import { addToGroup } from '../add-to-group.ts';
import { append } from '../append.ts';
import { balanceOf } from '../ipvs/balance.ts';
import { frontendLabel, type Frontend } from '../kubernetes/frontends.ts';
import type { Detail } from '../report.ts';
import { type FlowDifference, isRefusal } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';
import { endpointsOf } from './service-groups.ts';
import type { SideView } from './side.ts';
import { counted, endpointsText, listed, outcomeText, sendersText } from './words.ts';

/** What became of the places where services answered. */
export interface FrontendFate {
  /** Something that was served is not any more. */
  readonly isLoss: boolean;
  readonly details: readonly Detail[];
}

/** What became of each place where a service answered, when another mechanism leads to services. */
export function frontendFate(judgement: Judgement): FrontendFate {
  const { before, after, flows } = judgement;
  // What IPVS serves cannot be told without its table.
  const unseen = (side: SideView): boolean => side.facts.proxyMode?.value === 'ipvs' && side.model.ipvs === undefined;
  const was = places(before.frontends);
  const is = places(after.frontends);
  // What led nowhere before is not lost.
  const served = [...before.frontends.values()].filter((frontend) => unseen(before) || mayLead(before, frontend, judgement));
  const lost = unseen(after) ? [] : served.filter((frontend) => !serves(frontend, is));
  const kept = new Set(served.filter((frontend) => serves(frontend, is)).map(({ key }) => key));
  const gained = [...after.frontends.values()].filter((frontend) => !serves(frontend, was) && (unseen(after) || mayLead(after, frontend, judgement)));
  const details: Detail[] = [];
  const there = new Set([...before.frontends.values()].filter((frontend) => serves(frontend, is)).map(({ key }) => key));
  const total = served.length;
  // A node port on every address of the node may be shown as one on each of them.
  const keyBefore = ({ key, protocol, port, purpose }: Frontend): string => (there.has(key) || purpose !== 'node port' ? key : `${protocol} *:${port}`);
  const moved = flows.all.filter((flow) => flow.endpoints && flow.onlyIf.length === 0 && flow.frontend !== undefined && there.has(keyBefore(flow.frontend)));
  const other = new Set(moved.map((flow) => keyBefore(flow.frontend as Frontend)));
  if (unseen(after)) {
    details.push({ label: 'effect', text: `no rule translates ${labels([...before.frontends.values()])} any more; whether IPVS does cannot be told, its table is not in the snapshot` });
  } else if (unseen(before)) {
    details.push({ label: 'if', text: 'IPVS had endpoints for its addresses; its table is not in the snapshot' });
  } else if (total > 0) {
    details.push({ label: 'after', text: `${[...kept].filter((key) => !other.has(key)).length} of ${counted(total, 'service address', 'service addresses')} lead to the same endpoints with the same shares` });
  }
  const serving = new Set(served);
  const idle = [...before.frontends.values()].filter((frontend) => !serving.has(frontend) && !serves(frontend, is));
  if (idle.length > 0 && !unseen(after)) details.push({ label: 'also', text: `nothing is there for ${labels(idle)} any more, which had no endpoint before either` });
  if (lost.length > 0) details.push({ label: 'effect', text: `nothing leads from ${labels(lost)} to an endpoint any more` });
  append(details, movedDetails(moved));
  append(details, sourceDetails(flows.all));
  if (gained.length > 0) {
    const reached = flows.all.find((flow) => flow.frontend !== undefined && !before.frontends.has(flow.frontend.key) && flow.after.endpoints.length > 0);
    const to = gained.length <= 2 && reached !== undefined ? `, to ${endpointsText(reached.after.endpoints)}` : '';
    details.push({ label: 'also', text: `new: ${labels(gained)}${to}` });
  }
  return { isLoss: lost.length > 0 || moved.some(isLoss), details };
}

/** Whether anything leads from a place to an endpoint, as far as that can be told. */
function mayLead(side: SideView, frontend: Frontend, judgement: Judgement): boolean {
  const service = side.model.ipvs?.services.get(frontend.key);
  if (service !== undefined) return balanceOf(service).parts.length > 0;
  const flow = endpointsOf(side, frontend, judgement);
  return flow === undefined || flow.endpoints.length > 0 || flow.verdict === 'unknown';
}

/** What is told in full of connections that get elsewhere. */
const TOLD_MOVES = 5;

/** Connections that get to other endpoints, or to none any more, which comes first. */
function movedDetails(moved: readonly FlowDifference[]): Detail[] {
  const groups = new Map<string, FlowDifference[]>();
  for (const flow of moved.toSorted((one, other) => Number(isLoss(other)) - Number(isLoss(one)))) {
    const key = `${frontendLabel(flow.frontend as Frontend)} ${outcomeText(flow.before)} ${outcomeText(flow.after)}`;
    addToGroup(groups, key, flow);
  }
  const details = [...groups.values()].slice(0, TOLD_MOVES).map((flows): Detail => {
    const { frontend, before, after } = flows[0] as FlowDifference;
    return { label: 'effect', text: `${frontendLabel(frontend as Frontend)}, from ${sendersText(flows)}: ${outcomeText(before)} → ${outcomeText(after)}` };
  });
  return groups.size > TOLD_MOVES ? [...details, { label: 'effect', text: `${groups.size - TOLD_MOVES} more kinds of connections get to other endpoints` }] : details;
}

function isLoss({ before, after }: FlowDifference): boolean {
  return isRefusal(after) && !isRefusal(before);
}

/** Connections whose source address is treated differently although they get to the same endpoints. */
function sourceDetails(flows: readonly FlowDifference[]): Detail[] {
  const same = flows.filter((flow) => flow.masquerade && isSure(flow) && !flow.endpoints && flow.after.endpoints.length > 0);
  const details: Detail[] = [];
  for (const on of [true, false]) {
    const found = same.filter((flow) => flow.after.masqueraded === on);
    const names = [...new Set(found.map((flow) => flow.frontend?.servicePort ?? flow.frontend?.key ?? ''))].sort();
    if (names.length > 0) details.push({ label: 'effect', text: `connections from ${sendersText(found)} to ${listed(names, 5)} are ${on ? 'now' : 'no longer'} masqueraded` });
  }
  return details;
}

/** Whether the difference hangs on no set whose members nobody listed: what is in it may have masqueraded the packet, or not. */
function isSure({ onlyIf, supposing }: FlowDifference): boolean {
  return onlyIf.length === 0 && !supposing.some(({ condition }) => condition.includes('--match-set '));
}

/** Keys of frontends, and `tcp 30080` of node ports. */
function places(frontends: ReadonlyMap<string, Frontend>): ReadonlySet<string> {
  const found = new Set(frontends.keys());
  for (const { protocol, port, purpose } of frontends.values()) if (purpose === 'node port') found.add(`${protocol} ${port}`);
  return found;
}

/** Whether a place is among others; a node port on every address of the node is there if it is on one. */
function serves({ key, protocol, port, address }: Frontend, others: ReadonlySet<string>): boolean {
  return others.has(key) || others.has(`${protocol} *:${port}`) || (address === undefined && others.has(`${protocol} ${port}`));
}

function labels(frontends: readonly Frontend[]): string {
  return listed(frontends.map(frontendLabel).sort(), 5);
}
