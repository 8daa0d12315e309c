import type { Detail } from '../../report.ts';
import type { Comparison } from '../comparison.ts';
import { listed } from '../words.ts';

/** Services that lose their endpoints, and those that keep them and are no longer masqueraded, of all packets that were led. */
export function lostServices({ flows }: Comparison): Detail[] {
  const lost = new Set<string>();
  const unmasked = new Set<string>();
  for (const flow of flows.all) {
    if (flow.frontend === undefined) continue;
    const name = flow.frontend.servicePort ?? flow.frontend.key;
    if (flow.before.endpoints.length > 0 && flow.after.endpoints.length === 0) lost.add(name);
    else if (flow.before.masqueraded === true && flow.after.masqueraded === false) unmasked.add(name);
  }
  const details: Detail[] = [];
  if (lost.size > 0)
    details.push({ label: 'effect', text: `new connections to ${listed([...lost].sort(), 6)} reach no endpoint any more` });
  const rest = [...unmasked].filter((name) => !lost.has(name)).sort();
  if (rest.length > 0) details.push({ label: 'effect', text: `connections to ${listed(rest, 6)} are no longer masqueraded` });
  return details;
}
