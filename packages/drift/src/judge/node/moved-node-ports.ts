import type { Effect, Severity } from '../../report.ts';
import type { ServedPlace } from '../../services/survival/served.ts';
import type { MovedNodePorts } from '../packets/served-differences.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { originsOf } from '../services/served-words.ts';
import { counted, listed } from '../words.ts';

/** Node ports answer at the addresses that the mode, or a setting, gives them: it is told once, not for each of them. */
export function movedNodePorts({ gone, come }: MovedNodePorts, isGate: boolean): PendingChange[] {
  if (gone.length + come.length === 0) return [];
  const addresses = (places: readonly ServedPlace[]): string[] => [...new Set(places.map(({ address }) => address))].sort();
  const services = new Set([...gone, ...come].map(({ service }) => service));
  const parts = [
    ...(gone.length === 0 ? [] : [`no longer at ${listed(addresses(gone))}`]),
    ...(come.length === 0 ? [] : [`at ${listed(addresses(come))} too`]),
  ];
  const senders = [...gone, ...come].flatMap((place) => place.senders);
  return [
    {
      id: 'kube.frontend.addresses-changed',
      ...effectOfMoving(gone, come, isGate),
      certainty: 'proven',
      subject: { kind: 'config', name: 'node port addresses', frontends: [...gone, ...come].map(({ place }) => place) },
      before: { addresses: addresses(gone) },
      after: { addresses: addresses(come) },
      text: `the node ports of ${counted(services.size, 'service port')} answer at other addresses of the node: ${parts.join(', and ')}`,
      details: [{ label: 'services', text: listed([...services].sort(), 8) }],
      origins: originsOf(senders.flatMap(({ seenBefore, seenAfter }) => seenAt(seenBefore, seenAfter))),
    },
  ];
}

/** Another mode has addresses of its own, and the port still answers; otherwise who was served at an address is not any more. */
function effectOfMoving(
  gone: readonly ServedPlace[],
  come: readonly ServedPlace[],
  isGate: boolean,
): { readonly severity: Severity; readonly effect: Effect } {
  if (isGate) return gone.length > 0 ? { severity: 'warning', effect: 'redirected' } : { severity: 'notice', effect: 'gained' };
  if (gone.some(({ senders }) => senders.some(({ before }) => before.verdict === 'delivered')))
    return { severity: 'critical', effect: 'lost' };
  return come.length > 0 ? { severity: 'warning', effect: 'gained' } : { severity: 'notice', effect: 'attribute' };
}
