import { isEndpointList } from '../proxy/names/chain-roles.ts';
import { CHAIN } from '../proxy/names/fixed-names.ts';
import { addressFamily, addressNumber, blockRange, inRange } from '../state/address-range.ts';
import { CATALOGUE_CHAINS } from '../proxy/names/chain-catalogue.ts';
import { SENDER_NAMES } from '../proxy/senders.ts';
import type { NodeView } from '../services/node-facts.ts';
import { endpointAddress } from '../state/ipvs-table.ts';
import type { RuleEntry, RuleTable } from '../state/model.ts';
import { isClusterIpMasqueradeRule } from '../proxy/facts/masquerade-facts.ts';
import { findingKinds, type FoundThing, inFamily, iptablesOf, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.anchor-missing',
    severity: 'critical',
    title: 'nothing jumps to a chain of kube-proxy',
    why: 'its rules have no effect',
    needs: ['nat', 'filter'],
    bearsOnAll: true,
  },
  {
    id: 'lint.kube.conflicting-cidrs',
    severity: 'warning',
    title: 'rules exempt different ranges from masquerading',
    why: 'services treat the same client differently',
  },
  {
    id: 'lint.kube.endpoint-outside-cluster-cidr',
    severity: 'notice',
    title: 'most endpoints are outside the cluster CIDR',
    why: 'the configured range is not that of the pods',
    needs: ['ipvs', 'nat'],
  },
  {
    id: 'lint.kube.filter-nat-contradiction',
    severity: 'critical',
    title: 'a rule refuses packets to a service that has endpoints',
    why: 'connections to it fail',
    needs: ['nat', 'filter', 'sets'],
    followsFromRules: true,
    lessExact: true,
  },
  {
    id: 'lint.kube.hostport-before-services',
    severity: 'notice',
    title: 'host ports come before services',
    why: 'a host port hides a node port of the same number',
  },
  {
    id: 'lint.kube.no-masquerade-rule',
    severity: 'warning',
    title: 'a cluster CIDR is set and no rule masquerades',
    why: 'clients outside the cluster get no reply from cluster IPs',
    needs: ['nat'],
  },
  {
    id: 'lint.kube.nodeport-not-last',
    severity: 'warning',
    title: 'the jump for node ports is missing, not last, or open to other addresses',
    why: 'node ports do not work as they should',
    needs: ['nat'],
    bearsOnAll: true,
  },
  {
    id: 'lint.kube.postrouting-bypassed',
    severity: 'warning',
    title: `a rule takes packets before ${CHAIN.postrouting}`,
    why: 'marked packets are not masqueraded, and replies to them are lost',
    bearsOnAll: true,
  },
]);

export const proxyRules: FindingRule = { kinds, find: proxyRuleFindings };

/** What is odd in the rules that kube-proxy puts into fixed chains, and in those around them. */
function proxyRuleFindings(view: NodeView): FoundThing[] {
  const found: FoundThing[] = [];
  for (const family of ['ipv4', 'ipv6'] as const) {
    const nat = view.model.tables.get(`${family} nat`);
    for (const name of ['nat', 'filter']) {
      const table = view.model.tables.get(`${family} ${name}`);
      if (table !== undefined) found.push(...inFamily(family, missingAnchors(table)));
    }
    if (nat === undefined) continue;
    const own = [...bypassedPostrouting(nat), ...nodePortJump(nat), ...hostPortsFirst(nat), ...conflictingRanges(nat)];
    found.push(...inFamily(family, own));
  }
  return [...found, ...withoutMasquerading(view), ...endpointsOutside(view), ...refusedServices(view)];
}

/** Chains that are there, are meant to be reached from built-in chains, and are reached by nothing. */
function missingAnchors(table: RuleTable): FoundThing[] {
  const services = table.chains.get(CHAIN.services) ?? table.chains.get(CHAIN.forward);
  if (!table.complete || services === undefined) return [];
  const found: FoundThing[] = [];
  for (const { name, table: home, anchors, mayBeIdle } of CATALOGUE_CHAINS) {
    const chain = home === table.name ? table.chains.get(name) : undefined;
    if (chain === undefined || chain.rules.length === 0 || anchors.length === 0 || mayBeIdle) continue;
    const missing = anchors.filter(
      (anchor) => table.chains.get(anchor)?.rules.some(({ target }) => target.kind === 'jump' && target.chain === name) === false,
    );
    if (missing.length === 0) continue;
    found.push(
      finding('lint.kube.anchor-missing', {
        subject: { kind: 'iptables.chain', name: `${table.name} ${name}` },
        text: `${listed(missing)} of ${table.name} ${missing.length === 1 ? 'has' : 'have'} no jump to ${name}`,
        lookAt: `${iptablesOf(table)} -t ${table.name} -S ${missing[0] ?? ''}`,
        origins: [chain.origin],
      }),
    );
  }
  return found;
}

/** A rule before the jump that ends the way of marked packets without masquerading them. */
function bypassedPostrouting(nat: RuleTable): FoundThing[] {
  const chain = nat.chains.get('POSTROUTING');
  const jump = chain?.rules.find(({ target }) => target.kind === 'jump' && target.chain === CHAIN.postrouting);
  if (chain === undefined || jump === undefined) return [];
  const ends = (rule: RuleEntry): boolean =>
    rule.target.kind === 'verdict' && (rule.target.name === 'ACCEPT' || rule.target.name === 'RETURN');
  return (
    chain.rules
      .filter((rule) => rule.number < jump.number && ends(rule) && !rule.conditions.some((condition) => condition.kind === 'mark'))
      // Without -v, a rule that seems to take everything mostly asks for an interface.
      .filter((rule) => !(nat.interfacesHidden && rule.conditions.length === 0))
      .map((rule) =>
        finding('lint.kube.postrouting-bypassed', {
          subject: { kind: 'iptables.rule', name: `nat POSTROUTING#${rule.number}` },
          values: [rule.key],
          text: `rule ${rule.number} of POSTROUTING takes packets "${rule.conditionKey}" before ${CHAIN.postrouting} can masquerade them`,
          ...(nat.interfacesHidden ? { certainty: 'assumed' as const } : {}),
          origins: [rule.origin, jump.origin],
        }),
      )
  );
}

/** iptables mode: KUBE-NODEPORTS, last in KUBE-SERVICES. ipvs mode: KUBE-NODE-PORT, anywhere after the sets. Both: for local addresses. */
function nodePortJump(nat: RuleTable): FoundThing[] {
  const services = nat.chains.get(CHAIN.services);
  if (services === undefined || services.rules.length === 0 || !nat.complete) return [];
  for (const name of [CHAIN.nodePorts, CHAIN.nodePort]) {
    const chain = nat.chains.get(name);
    if (chain === undefined) continue;
    const jump = services.rules.find(({ target }) => target.kind === 'jump' && target.chain === name);
    const subject = { kind: 'iptables.rule', name: `nat ${CHAIN.services}` } as const;
    if (jump === undefined) {
      // The other mode's chain, left over from before a change of mode.
      const otherMode = nat.chains.has(name === CHAIN.nodePorts ? CHAIN.nodePort : CHAIN.nodePorts);
      if (otherMode || chain.rules.length === 0) continue;
      return [
        finding('lint.kube.nodeport-not-last', {
          subject,
          text: `${CHAIN.services} has no jump to ${name}: packets to node ports are not treated by its rules`,
          lookAt: `${iptablesOf(nat)} -t nat -S ${CHAIN.services}`,
          origins: [services.origin],
        }),
      ];
    }
    if (!jump.conditions.some((condition) => condition.kind === 'destination-local' && !condition.not)) {
      return [
        finding('lint.kube.nodeport-not-last', {
          subject,
          text: `the jump to ${name} is not limited to addresses of the node`,
          origins: [jump.origin],
        }),
      ];
    }
    if (name === CHAIN.nodePorts && jump !== services.rules.at(-1)) {
      return [
        finding('lint.kube.nodeport-not-last', {
          subject,
          text: `${services.rules.length - jump.number} rules of ${CHAIN.services} stand behind the jump to ${name}, which has to be the last`,
          origins: [jump.origin],
        }),
      ];
    }
  }
  return [];
}

function hostPortsFirst(nat: RuleTable): FoundThing[] {
  const found: FoundThing[] = [];
  for (const name of ['PREROUTING', 'OUTPUT']) {
    const rules = nat.chains.get(name)?.rules ?? [];
    const host = rules.find(
      ({ target }) => target.kind === 'jump' && (target.chain === 'CNI-HOSTPORT-DNAT' || target.chain === CHAIN.hostPorts),
    );
    const services = rules.find(({ target }) => target.kind === 'jump' && target.chain === CHAIN.services);
    if (host === undefined || services === undefined || host.number > services.number) continue;
    found.push(
      finding('lint.kube.hostport-before-services', {
        subject: { kind: 'iptables.rule', name: `nat ${name}#${host.number}` },
        text: `${name} asks for host ports before it asks for services`,
        origins: [host.origin, services.origin],
      }),
    );
  }
  return found;
}

function conflictingRanges(nat: RuleTable): FoundThing[] {
  const ranges = new Map<string, RuleEntry>();
  for (const [name, chain] of nat.chains) {
    if (name !== CHAIN.services && !isEndpointList(name)) continue;
    for (const rule of chain.rules) {
      const source = rule.conditions.find((condition) => condition.kind === 'source');
      if (isClusterIpMasqueradeRule(rule) && source?.kind === 'source' && source.not && !ranges.has(source.block))
        ranges.set(source.block, rule);
    }
  }
  if (ranges.size < 2) return [];
  return [
    finding('lint.kube.conflicting-cidrs', {
      subject: { kind: 'config', name: 'cluster CIDR' },
      text: `rules for cluster IPs except different ranges from masquerading: ${listed([...ranges.keys()].sort())}`,
      origins: [...ranges.values()].map(({ origin }) => origin),
    }),
  ];
}

function withoutMasquerading({ facts, knowledge, model }: NodeView): FoundThing[] {
  const configured =
    knowledge.configuration?.value.clusterCidr ??
    knowledge.log.findLast(({ value }) => value.kind === 'flag' && value.name === 'cluster-cidr' && value.value !== '');
  if (
    configured === undefined ||
    facts.proxyMode?.value !== 'iptables' ||
    facts.clusterCidr?.value !== 'none' ||
    facts.masqueradeAll?.value === true
  )
    return [];
  const services = model.tables.get('ipv4 nat')?.chains.get(CHAIN.services);
  return [
    finding('lint.kube.no-masquerade-rule', {
      subject: { kind: 'config', name: 'cluster CIDR' },
      text: 'a cluster CIDR is set, and no rule masquerades connections to cluster IPs',
      origins: services === undefined ? [] : [services.origin],
    }),
  ];
}

/** Endpoints on the network of hosts are outside by right; when most are, the range is not that of the pods. */
function endpointsOutside({ facts, table, knowledge }: NodeView): FoundThing[] {
  const ranges = (facts.clusterCidr?.value ?? '')
    .split(' and ')
    .filter((block) => block.includes('/'))
    .map(blockRange)
    .filter((range) => range !== undefined);
  if (ranges.length === 0) return [];
  const endpoints = new Set<string>();
  for (const { name, frontends } of table.servicePorts) {
    if (name.startsWith('default/kubernetes')) continue;
    for (const { paths } of frontends)
      for (const path of paths) for (const { address } of path.endpoints) endpoints.add(endpointAddress(address));
  }
  const families = new Set(ranges.map(({ low }) => addressFamily(low)));
  // A range of one family says nothing of endpoints of the other.
  const pods = [...endpoints].flatMap((address) => {
    const number = knowledge.nodeAddresses.includes(address) ? undefined : addressNumber(address);
    return number !== undefined && families.has(addressFamily(number)) ? [{ address, number }] : [];
  });
  const outside = pods.flatMap(({ address, number }) => (ranges.some((range) => inRange(range, number)) ? [] : [address]));
  if (outside.length * 2 <= pods.length) return [];
  return [
    finding('lint.kube.endpoint-outside-cluster-cidr', {
      subject: { kind: 'config', name: 'cluster CIDR' },
      text: `${outside.length} of ${pods.length} endpoints are outside the cluster CIDR ${facts.clusterCidr?.value ?? ''}: ${listed(outside.sort())}`,
      certainty: 'heuristic',
      origins: facts.clusterCidr?.origins ?? [],
    }),
  ];
}

/** Service ports that have endpoints, and whose packets a rule refuses. */
function refusedServices({ table, model }: NodeView): FoundThing[] {
  const found: FoundThing[] = [];
  for (const { name, frontends } of table.servicePorts) {
    for (const frontend of frontends) {
      const refused = frontend.paths.filter(({ verdict, reason }) => (verdict === 'refused' || verdict === 'dropped') && reason === 'rule');
      const place = frontend.addresses[0] === undefined ? `port ${frontend.port}` : `${frontend.addresses[0]}:${frontend.port}`;
      const key = `${frontend.protocol} ${place}`;
      const service = model.ipvs?.services.get(key);
      const usable =
        service === undefined
          ? frontend.paths.some(({ endpoints }) => endpoints.length > 0)
          : [...service.destinations.values()].some(({ weight }) => weight !== 0);
      if (refused.length === 0 || !usable) continue;
      found.push(
        finding('lint.kube.filter-nat-contradiction', {
          subject: { kind: 'kube.servicePort', name, frontends: [key] },
          text: `${name}: connections from ${listed(refused.map(({ from }) => SENDER_NAMES[from]))} to ${key} are refused by a rule, though it has endpoints`,
          origins: service === undefined ? [] : [service.origin],
        }),
      );
    }
  }
  return found;
}
