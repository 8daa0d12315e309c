import { addToGroup } from '../../common/add-to-group.ts';
import type { Detail } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import { fromSenders, listed } from '../words.ts';
import type { FlowDifference } from './flow-differences.ts';

/** Services that lose their endpoints, and those that keep them and are no longer masqueraded, of all packets that were led. */
export function lostServices({ flows }: Comparison): Detail[] {
  const lost = new Map<string, FlowDifference[]>();
  const unmasked = new Set<string>();
  for (const flow of flows.all) {
    if (flow.frontend === undefined) continue;
    const name = flow.frontend.servicePort ?? flow.frontend.key;
    if (flow.before.endpoints.length > 0 && flow.after.endpoints.length === 0) addToGroup(lost, name, flow);
    else if (flow.before.masqueraded === true && flow.after.masqueraded === false) unmasked.add(name);
  }
  const details: Detail[] = [];
  const byWhom = new Map<string, string[]>();
  for (const [name, ofService] of [...lost].sort(([one], [other]) => (one < other ? -1 : 1)))
    addToGroup(byWhom, fromSenders(ofService), name);
  for (const [from, names] of byWhom)
    details.push({ label: 'effect', text: `new connections${from} to ${listed(names, 6)} reach no endpoint any more` });
  const rest = [...unmasked].filter((name) => !lost.has(name)).sort();
  if (rest.length > 0) details.push({ label: 'effect', text: `connections to ${listed(rest, 6)} are no longer masqueraded` });
  return details;
}
