import { nodeView } from '../services/node-facts.ts';
import { whyIncomplete } from '../read/completeness.ts';
import { lacksObjects, lastFlag, realTroubles } from '../read/kinds/node-knowledge.ts';
import type { ServicePort } from '../proxy/service-table.ts';
import type { Snapshot, SnapshotTrouble } from '../read/snapshot.ts';
import { passedOver } from './desired-ports.ts';
import { desiredTable } from './desired-table.ts';
import { desiredRules } from './ipvs/ipvs-rules.ts';
import { desiredIpvs } from './ipvs/ipvs-tables.ts';
import { type GivenSettings, knownSettings } from './known-settings.ts';
import { printIpset, printIpvsadm } from './ipvs/print-ipvs.ts';
import { type Family, familiesOf, type ProxySettings } from './settings.ts';

/** What kube-proxy would program on a node. */
export interface ExpectedState {
  readonly schemaVersion: '1.0';
  readonly node: string;
  readonly mode: ProxySettings['mode'];
  /** `1.30` */
  readonly version: string;
  /** What no input tells, one sentence each without its full stop: another value may lead to another result. */
  readonly assumptions: readonly string[];
  readonly servicePorts: readonly ServicePort[];
  /** Services for which kube-proxy does nothing. */
  readonly passedOver: readonly { readonly service: string; readonly because: string }[];
  /** The tables of ipvs mode; missing in other modes. */
  readonly ipvs?: ExpectedIpvs;
  readonly troubles: readonly SnapshotTrouble[];
}

/** The tables behind the services in ipvs mode. */
export interface ExpectedIpvs {
  /** Input of `ipvsadm -R`, as `ipvsadm -Sn` prints it. */
  readonly ipvsadm: string;
  /** Input of `ipset restore`, as `ipset save` prints it but for what the kernel chooses. */
  readonly ipset: string;
  /** Addresses on kube-ipvs0, sorted. */
  readonly addresses: readonly string[];
  /** Rules by family, as `iptables-save` prints them, without comments. */
  readonly rules: { readonly [name in Family]?: readonly string[] };
  /** Kernel settings; arp_ignore and arp_announce with `--ipvs-strict-arp` alone. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/**
 * What kube-proxy would program on a node for the Services, EndpointSlices and Nodes of a snapshot.
 *
 * What the snapshot holds beside objects counts too: a log or a configuration file tells flags and version, `ip addr` the addresses of
 * the node. What nothing tells is assumed, and said in `assumptions`.
 *
 * @example
 * expectedState(objects, { nodeName: 'node-1', version: '1.30', mode: 'ipvs' }).ipvs?.ipvsadm // => '-A -t 10.96.0.1:443 -s rr\n…'
 */
export function expectedState(objects: Snapshot, given: GivenSettings = {}): ExpectedState {
  const view = nodeView(objects);
  const known = knownSettings(view, view, given);
  const { settings } = known;
  const { knowledge } = view;
  const assumptions = known.assumptions.map(({ text }) => text);
  const usesNodePorts = knowledge.services.some(({ value }) => value.ports.some(({ nodePort }) => nodePort !== undefined));
  if (settings.mode === 'ipvs' && settings.localAddresses === undefined && usesNodePorts)
    assumptions.push(nodeAddressesAssumption(settings));
  for (const { source, completeness } of objects.parts.filter(lacksObjects))
    assumptions.push(`${source} is not whole (${whyIncomplete(completeness)}): what it does not show is left out`);
  return {
    schemaVersion: '1.0',
    node: settings.nodeName,
    mode: settings.mode,
    version: `1.${settings.minor}`,
    assumptions,
    servicePorts: desiredTable(knowledge, settings).servicePorts,
    passedOver: knowledge.services.flatMap(({ value }) => {
      const because = passedOver(value);
      return because === undefined ? [] : [{ service: `${value.namespace}/${value.name}`, because }];
    }),
    ...(settings.mode === 'ipvs' ? { ipvs: expectedIpvs(knowledge, settings, strictArp(knowledge)) } : {}),
    troubles: realTroubles(objects),
  };
}

function nodeAddressesAssumption({ nodeAddresses }: ProxySettings): string {
  return nodeAddresses.length === 0
    ? 'no input tells the addresses of the node (`ip addr` does): no virtual service of a node port is computed'
    : `node ports are put on ${nodeAddresses.join(' and ')} alone: no input tells the other addresses of the node (\`ip addr\` does)`;
}

type Knowledge = ReturnType<typeof nodeView>['knowledge'];

function strictArp({ log, configuration }: Knowledge): boolean {
  return lastFlag(log, 'ipvs-strict-arp') === 'true' || configuration?.value.strictArp === true;
}

function expectedIpvs(knowledge: Knowledge, settings: ProxySettings, arp: boolean): ExpectedIpvs {
  const wanted = desiredIpvs(knowledge, settings);
  return {
    ipvsadm: printIpvsadm(wanted.services),
    ipset: printIpset(wanted.sets),
    addresses: [...wanted.addresses.keys()].sort(),
    rules: Object.fromEntries(familiesOf(settings).map((family) => [family, desiredRules(wanted, family, settings)])),
    sysctls: {
      'net.ipv4.vs.conntrack': '1',
      'net.ipv4.vs.conn_reuse_mode': '0',
      'net.ipv4.vs.expire_nodest_conn': '1',
      'net.ipv4.vs.expire_quiescent_template': '1',
      'net.ipv4.ip_forward': '1',
      ...(arp ? { 'net.ipv4.conf.all.arp_ignore': '1', 'net.ipv4.conf.all.arp_announce': '2' } : {}),
    },
  };
}
