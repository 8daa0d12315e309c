import { addToGroup } from '../../common/add-to-group.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import type { Detail } from '../../report.ts';
import { sendersText } from '../words.ts';
import { manyServices, servicesText } from './story-subjects.ts';

/** `connections from outside and from this node itself are no longer masqueraded`; each direction of change is told apart. */
export function masqueradeText(flows: readonly FlowDifference[]): string {
  const on = flows.filter((flow) => flow.after.masqueraded === true);
  const off = flows.filter((flow) => flow.after.masqueraded === false);
  const texts = [
    ...(on.length === 0 ? [] : [`connections from ${sendersText(on)} are now masqueraded: the endpoint sees the address of the node`]),
    ...(off.length === 0
      ? []
      : [`connections from ${sendersText(off)} are no longer masqueraded: the endpoint sees the address of the client`]),
  ];
  return texts.join('; ');
}

/** Of whom connections to a service are masqueraded otherwise: the same for all its places in one sentence. */
export function masqueradedServices(flows: readonly FlowDifference[]): string {
  const [byPlace, bySenders] = [new Map<string, FlowDifference[]>(), new Map<string, FlowDifference[]>()];
  for (const flow of flows) addToGroup(byPlace, flow.frontend?.key ?? '', flow);
  for (const found of byPlace.values()) for (const flow of found) addToGroup(bySenders, masqueradeText(found), flow);
  return [...bySenders].map(([text, found]) => `${servicesText(found)}: ${text}`).join('; ');
}

/** The services, where {@link masqueradedServices} only counts them, of which the same holds for the sender of the proof. */
export function servicesOfSender(flows: readonly FlowDifference[], { sender, sources }: FlowDifference): Detail[] {
  return manyServices(flows.filter((flow) => flow.sender.kind === sender.kind && flow.sources === sources));
}
