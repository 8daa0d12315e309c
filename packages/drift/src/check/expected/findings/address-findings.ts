import type { NodeView } from '../../../services/node-facts.ts';
import { IPVS_INTERFACE } from '../../../proxy/facts/node-world.ts';
import { contains } from '../../../desired/node-port-addresses.ts';
import { findingKinds, type FoundThing, listed } from '../../finding.ts';
import { mayBeUnbound } from '../open-addresses.ts';
import type { Expectation } from '../expectation.ts';
import type { Explained } from '../explained.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.ipvs-address-missing',
    severity: 'critical',
    title: 'the address of a service is not on kube-ipvs0',
    why: 'packets to it do not reach IPVS',
  },
  {
    id: 'x.ipvs-address-not-expected',
    severity: 'warning',
    title: 'an address on kube-ipvs0 that no service of the cluster has',
    why: 'packets to it end at the node',
  },
]);
export { kinds as addressKinds };

/** Addresses of services that are not on kube-ipvs0, and addresses there that no service has. */
export function addressFindings(
  view: NodeView,
  { ipvs, complete, known }: Expectation,
  { lost, addresses: orphaned }: Explained,
): FoundThing[] {
  const there = view.model.interfaces.get(IPVS_INTERFACE);
  const [wanted] = ipvs;
  if (wanted === undefined || there === undefined || view.facts.proxyMode?.value !== 'ipvs') return [];
  const found: FoundThing[] = [];
  const missing = [...wanted.addresses].filter(
    ([address, names]) =>
      !there.addresses.has(address) &&
      !mayBeUnbound(address, wanted, known, view.model) &&
      ipvs.every(({ addresses }) => addresses.has(address)) &&
      !names.every((name) => lost.has(name)),
  );
  const services = [...new Set(missing.flatMap(([, names]) => names))];
  const addresses = missing.map(([address]) => address);
  const origins = [...there.addresses.values()].slice(0, 1);
  if (missing.length > 0) {
    found.push(
      finding('x.ipvs-address-missing', {
        subject: { kind: 'kube.servicePort', name: services[0] ?? '', frontends: addresses },
        text: `${listed(services)}: ${listed(addresses)} ${addresses.length === 1 ? 'is' : 'are'} not on ${IPVS_INTERFACE}: packets are routed on and do not reach IPVS`,
        origins,
        about: services,
      }),
    );
  }
  const own = new Set(known?.settings.nodeAddresses ?? []);
  const stray = [...(complete ? there.addresses.keys() : [])].filter(
    (address) =>
      !(
        contains('fe80::/10', address) ||
        orphaned.has(address) ||
        own.has(address) ||
        ipvs.some((reading) => reading.addresses.has(address))
      ),
  );
  if (stray.length > 0) {
    const text = `${listed(stray)} ${stray.length === 1 ? 'is' : 'are'} on ${IPVS_INTERFACE}, and no service of the cluster has ${stray.length === 1 ? 'it' : 'them'}: the node takes packets for its own`;
    found.push(
      finding('x.ipvs-address-not-expected', {
        subject: { kind: 'interface.address', name: `${IPVS_INTERFACE} ${stray[0] ?? ''}` },
        text,
        origins,
      }),
    );
  }
  return found;
}
