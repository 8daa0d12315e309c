import { CHAIN } from '../proxy/names/fixed-names.ts';
import { isProxyChain } from '../proxy/names/chain-roles.ts';
import { addToGroup } from '../common/add-to-group.ts';
import type { NodeView } from '../services/node-facts.ts';
import { SOME_NODE_ADDRESS } from '../proxy/facts/node-world.ts';
import { OUTSIDE_ADDRESS } from '../proxy/facts/pod-addresses.ts';
import { SENDER_NAMES, SOURCE_PORT } from '../proxy/senders.ts';
import type { SourceKind } from '../proxy/service-table.ts';
import { addressNumber, addressText } from '../state/address-range.ts';
import { eachFlow, type Flow } from '../packets/flow.ts';
import { type FlowTables, flowTables, type Met } from '../packets/flow-tables.ts';
import { type Packet, PROTOCOL_NUMBERS } from '../packets/packet.ts';
import { holds } from '../world/intervals.ts';
import { toAddress } from '../world/values.ts';
import type { World } from '../world/world.ts';
import { witnessOutcome, witnessPacket } from '../services/witness.ts';
import { findingKinds, type FoundThing, type FoundWitness, inFamily, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { isNotrack, rulesBefore, type Source, sourcesOf, untracks } from './rules-before-services.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.service-taken',
    severity: 'warning',
    title: 'a rule takes connections to a service before the rules of kube-proxy',
    why: 'they go elsewhere than to the endpoints of the service',
  },
]);

export const takenServices: FindingRule = { kinds, find: takenServiceFindings };

/** What one rule does to connections of a service, and to whose. */
interface Taken {
  readonly rule: Met;
  readonly service: string;
  /** The service with its address, as it is told. */
  readonly place: string;
  readonly witness: FoundWitness;
  /** Missing: a source that the rule asks for. */
  readonly from?: SourceKind;
  readonly block?: string;
  readonly to: string;
}

/**
 * Services whose connections a rule that is not kube-proxy's takes before its rules are asked. Where no such rule stands there nothing is
 * asked.
 */
function takenServiceFindings(view: NodeView): FoundThing[] {
  const isIptables = view.facts.proxyMode?.value === 'iptables';
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const nat = view.model.tables.get(`${family} nat`);
    const before = nat === undefined ? [] : rulesBefore(nat, isIptables);
    if (nat === undefined || (before.length === 0 && !untracks(view.worlds[family]))) return [];
    const sources = sourcesOf(before);
    const tables = flowTables(view.worlds[family], (name) => view.model.tables.get(`${family} ${name}`));
    const groups = new Map<string, Taken[]>();
    for (const { name, frontends } of view.table.servicePorts) {
      for (const { protocol, addresses, port, by } of frontends) {
        const [address] = addresses.filter((one) => one.includes(':') === (family === 'ipv6'));
        if (address === undefined || by === 'nftables') continue;
        for (const taken of takenAt(
          { service: name, protocol, address, port },
          {
            tables,
            family,
            sources,
            inServices: isIptables && by !== 'ipvs',
          },
        ))
          addToGroup(groups, `${taken.rule.table} ${taken.rule.chain} ${taken.rule.number} ${taken.to}`, taken);
      }
    }
    const found = [...groups.values()].map((group) => findingOf(group as [Taken, ...Taken[]]));
    return inFamily(family, found);
  });
}

interface Asked {
  readonly tables: FlowTables;
  readonly family: 'ipv4' | 'ipv6';
  readonly sources: readonly Source[];
  /** Whether all rules of kube-proxy's chain lead on: in ipvs mode some are there to end it. */
  readonly inServices: boolean;
}

function takenAt(
  {
    service,
    protocol,
    address,
    port,
  }: { readonly service: string; readonly protocol: string; readonly address: string; readonly port: number },
  { tables, family, sources, inServices }: Asked,
): Taken[] {
  const [destination, protocolNumber] = [addressNumber(address), PROTOCOL_NUMBERS.get(protocol)];
  if (destination === undefined || protocolNumber === undefined) return [];
  const [pods] = tables.tracer.world.addresses.pods;
  const senders: readonly (readonly [from: SourceKind | undefined, address: bigint | undefined, block?: string])[] = [
    ['pod', pods === undefined ? undefined : BigInt(pods) + 0x309n],
    ['outside', addressNumber(OUTSIDE_ADDRESS[family])],
    ['node', addressNumber(SOME_NODE_ADDRESS[family])],
    ...sources.map(({ block, address: source }) => [undefined, source, block] as const),
  ];
  return senders.flatMap(([from, source, block]) => {
    if (source === undefined) return [];
    const packet: Packet = { protocol, protocolNumber, source, sourcePort: SOURCE_PORT, destination, destinationPort: port };
    const hook = from === 'node' ? 'OUTPUT' : 'PREROUTING';
    const flow = eachFlow(tables, packet, hook).next().value;
    const rule = flow === undefined ? undefined : (takerOf(flow, inServices) ?? untrackerOf(flow, tables.tracer.world));
    return flow === undefined || rule === undefined
      ? []
      : [
          {
            rule,
            service,
            place: `${service} (${protocol} ${address}:${port})`,
            witness: { packet: witnessPacket(packet, hook, from ?? senderOf(source, tables.tracer.world)), outcome: witnessOutcome(flow) },
            ...(from === undefined ? {} : { from }),
            ...(block === undefined ? {} : { block }),
            to:
              flow.endpoints.length > 0
                ? `go to ${listed(flow.endpoints.map((one) => one.address))}`
                : flow.verdict === 'passed'
                  ? 'are handled as those to no service'
                  : `are ${flow.verdict}`,
          },
        ];
  });
}

/** Who has an address of a block that a rule is for. */
function senderOf(source: bigint, { addresses }: World): SourceKind {
  const address = toAddress(addressText(source));
  return address !== undefined && holds(addresses.pods, address) ? 'pod' : 'outside';
}

/** The rule of nat outside kube-proxy's chains that decides where a packet goes. */
function takerOf({ path, verdict }: Flow, inServices: boolean): Met | undefined {
  const entered = path.findIndex(({ chain }) => chain === CHAIN.services);
  const before = entered < 0 ? path : path.slice(0, entered);
  const others = before.filter(
    ({ table, chain }) => table === 'nat' && !isProxyChain(chain) && chain !== 'POSTROUTING' && chain !== 'INPUT',
  );
  const first = others.find(
    ({ rule }) =>
      rule?.target.kind === 'dnat' ||
      (rule?.target.kind === 'verdict' && entered < 0 && (verdict === 'passed' || rule.target.name === 'DROP')),
  );
  return first ?? (inServices && verdict === 'passed' ? path.find(endsServices) : undefined);
}

function endsServices({ table, chain, rule }: Met): boolean {
  return table === 'nat' && chain === CHAIN.services && rule?.target.kind === 'verdict';
}

/** The rule because of which nat does not see a packet that no service takes. */
function untrackerOf({ path, verdict }: Flow, { rules }: World): Met | undefined {
  if (verdict !== 'passed') return undefined;
  return path.find(({ table, chain, number }) => {
    const rule = table === 'raw' ? rules.tables.get(table)?.chains.get(chain)?.rules[number - 1] : undefined;
    return rule !== undefined && isNotrack(rule);
  });
}

function findingOf(group: readonly [Taken, ...Taken[]]): FoundThing {
  const [{ rule, to, witness }] = group;
  const places = [...new Set(group.map(({ place }) => place))].sort();
  const senders = (['pod', 'outside', 'node'] as const)
    .filter((from) => group.some((taken) => taken.from === from))
    .map((from) => SENDER_NAMES[from]);
  const blocks = [...new Set(group.flatMap(({ block }) => block ?? []))];
  return finding('lint.kube.service-taken', {
    subject: { kind: 'iptables.rule', name: `${rule.table} ${rule.chain}#${rule.number}` },
    values: [rule.rule?.key ?? '', to],
    witness,
    text: `${listed(places)}: new connections from ${listed(senders.length > 0 ? senders : blocks)} ${to}: rule ${rule.number} of ${rule.chain} (${rule.rule?.key ?? ''}) takes them before the ${rule.chain === CHAIN.services ? 'other ' : ''}rules of kube-proxy`,
    origins: rule.rule === undefined ? [] : [rule.rule.origin],
    about: [...new Set(group.map(({ service }) => service))].sort(),
  });
}
