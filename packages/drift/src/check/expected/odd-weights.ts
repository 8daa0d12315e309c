import type { NodeView } from '../../services/node-facts.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import { findingKinds, type FoundThing } from '../finding.ts';
import type { Expectation } from './expectation.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.weight-not-expected',
    severity: 'warning',
    title: 'kube-proxy gives every endpoint weight 1, this one has another',
    why: 'changed by hand: it gets more or fewer connections',
  },
]);
export { kinds as weightKinds };

/** kube-proxy writes weight 1, and 0 only for an endpoint that the service no longer has. */
export function oddWeights({ model, facts, table }: NodeView, expectation: Expectation | undefined): FoundThing[] {
  if (facts.proxyMode?.value !== 'ipvs') return [];
  const expected = new Map(expectation?.places.map((place) => [place.key, place]) ?? []);
  const names = new Map<string, string>(
    table.servicePorts.flatMap(({ name, frontends }) =>
      frontends.flatMap(({ protocol, addresses, port }) =>
        addresses.map((address) => [`${protocol} ${endpointText(address, port)}`, name] as const),
      ),
    ),
  );
  const found: FoundThing[] = [];
  for (const service of model.ipvs?.services.values() ?? []) {
    const kubernetes =
      expectation === undefined ||
      !expectation.complete ||
      expected.has(service.key) ||
      expected.has(`${service.protocol ?? ''} *:${service.port ?? 0}`);
    for (const destination of kubernetes ? service.destinations.values() : []) {
      const { weight, key, origin } = destination;
      // Weight 0 at an endpoint of the service is told as an endpoint without connections.
      if (weight === undefined || weight === 1 || weight === 0) continue;
      const name = expected.get(service.key)?.name ?? names.get(service.key) ?? service.key;
      found.push(
        finding('x.weight-not-expected', {
          subject: { kind: 'ipvs.destination', name: `${service.key} -> ${key}`, frontends: [service.key] },
          text: `${name}: ${key} has weight ${weight}, kube-proxy gives 1`,
          note: 'kube-proxy 1.20 leaves it, 1.30 sets it right when it starts',
          origins: [origin],
        }),
      );
    }
  }
  return found;
}
