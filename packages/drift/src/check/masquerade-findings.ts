import { chainRole } from '../proxy/names/chain-roles.ts';
import { CHAIN } from '../proxy/names/fixed-names.ts';
import { servicePortsOf } from '../proxy/names/comments.ts';
import { isKubeProxyTable } from '../proxy/nftables/names.ts';
import type { NodeView } from '../services/node-facts.ts';
import { rulesBehind, unreadMasqueradeMark } from '../proxy/facts/masquerade-mark.ts';
import type { RuleTable } from '../state/model.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import { findingKinds, type FoundThing, inFamily, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { isTableOfNft } from '../world/rule-ref.ts';
import { masqueradesUnmarked } from './unmarked-masquerading.ts';
import { unmasqueradedServices } from './unmasqueraded-services.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.masquerade-mark-unread',
    severity: 'critical',
    title: 'the mark for masquerading is set and no rule reads it',
    why: 'nothing is masqueraded: replies to clients outside and to hairpins are lost',
  },
  {
    id: 'lint.kube.unmarked-masqueraded',
    severity: 'warning',
    title: 'kube-proxy masquerades packets that do not have its mark',
    why: 'whoever they are sent to sees the node and not the sender: rules and logs that go by the address of the client see another one',
    needs: ['nat'],
    lessExact: true,
  },
  {
    id: 'lint.kube.node-port-not-masqueraded',
    severity: 'warning',
    title: 'connections from outside to a service lead to endpoints of other nodes without masquerading',
    why: 'their replies do not come back by this node: clients from outside get none',
    needs: ['nat', 'sets'],
    lessExact: true,
  },
]);

export const masquerading: FindingRule = { kinds, find: masqueradeFindings };

/** What keeps packets that kube-proxy means to masquerade from being masqueraded. */
function masqueradeFindings(view: NodeView): FoundThing[] {
  const found = ['ipv4 nat', 'ipv6 nat'].flatMap((key) => {
    const nat = view.model.tables.get(key);
    return nat === undefined || !nat.complete
      ? []
      : inFamily(nat.family, [...unreadMark(nat), ...nobodyMasquerades(nat), ...unmarkedNodePorts(nat)]);
  });
  found.push(...unmarked(view));
  // Where nothing is masqueraded at all, that is told, or the rules for it are not shown.
  if (found.some(({ id }) => id === 'lint.kube.masquerade-mark-unread') || !masquerades(view)) return found;
  const told = new Set(found.flatMap(({ about = [] }) => about));
  return [...found, ...unmasqueraded(view).filter(({ about = [] }) => !about.every((name) => told.has(name)))];
}

function masquerades({ model }: NodeView): boolean {
  if ([...(model.nft?.tables.values() ?? [])].some((entry) => isKubeProxyTable(entry) && replacesSources(entry))) return true;
  return ['ipv4 nat', 'ipv6 nat'].some((key) => {
    const nat = model.tables.get(key);
    return nat !== undefined && [...rulesBehind(nat, 'POSTROUTING')].some(({ target }) => target.kind === 'snat');
  });
}

/** Without the rule that lets all others return, whatever leaves the node is masqueraded. */
function unmarked({ worlds }: NodeView): FoundThing[] {
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const rule = masqueradesUnmarked(worlds[family].rules);
    if (rule === undefined) return [];
    const { table, chain, number, origin } = rule.source;
    const isNft = isTableOfNft(table);
    return inFamily(family, [
      finding('lint.kube.unmarked-masqueraded', {
        subject: isNft ? { kind: 'nft.table', name: table } : { kind: 'iptables.chain', name: `${table} ${chain}` },
        text: `${isNft ? `${table} ` : ''}${chain}#${number} masquerades packets with and without the mark for masquerading: whatever else leaves through this node has its source address replaced too`,
        lookAt: isNft ? `nft list chain ${table} ${chain}` : `iptables -t nat -S ${chain}`,
        origins: origin === undefined ? [] : [origin],
      }),
    ]);
  });
}

function replacesSources({ table: { chains = [] } }: NftTableEntry): boolean {
  const statements = chains.flatMap(({ rules = [] }) => rules.flatMap((rule) => rule.statements));
  return statements.some((one) => one.kind === 'Nat' && (one.type === 'masquerade' || one.type === 'snat'));
}

function unreadMark(nat: RuleTable): FoundThing[] {
  const unread = unreadMasqueradeMark(nat);
  if (unread === undefined) return [];
  const { bit, read, setBy, readBy } = unread;
  const text = `${CHAIN.markMasq} sets mark 0x${bit.toString(16)}, and the rules behind POSTROUTING read 0x${read.toString(16)}: nothing is masqueraded for it`;
  return [
    finding('lint.kube.masquerade-mark-unread', {
      subject: { kind: 'iptables.chain', name: `nat ${CHAIN.markMasq}` },
      text,
      origins: [setBy.origin, readBy.origin],
    }),
  ];
}

/** KUBE-POSTROUTING is led to, and no rule there masquerades: the mark is set for nothing. */
function nobodyMasquerades(nat: RuleTable): FoundThing[] {
  const setBy = nat.chains.get(CHAIN.markMasq)?.rules.find(({ target }) => target.kind === 'mark');
  if (setBy === undefined || !nat.chains.has(CHAIN.postrouting)) return [];
  const targets = [...rulesBehind(nat, 'POSTROUTING')].map(({ target }) => target);
  const isLedTo = targets.some((target) => target.kind === 'jump' && target.chain === CHAIN.postrouting);
  if (!isLedTo || targets.some(({ kind }) => kind === 'snat')) return [];
  return [
    finding('lint.kube.masquerade-mark-unread', {
      subject: { kind: 'iptables.chain', name: `nat ${CHAIN.postrouting}` },
      text: `${CHAIN.markMasq} sets a mark, and no rule behind POSTROUTING masquerades: nothing is masqueraded for it`,
      origins: [setBy.origin],
    }),
  ];
}

/** A rule for a node port that jumps straight to all endpoints of a service, past the chain that marks packets for masquerading. */
function unmarkedNodePorts(nat: RuleTable): FoundThing[] {
  const found: FoundThing[] = [];
  const rules = nat.chains.get(CHAIN.nodePorts)?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    if (rule.target.kind !== 'jump' || chainRole(rule.target.chain) !== 'service') continue;
    // Up to 1.23 a rule of the same conditions marks the packets before.
    const marks = rules
      .slice(0, index)
      .some((one) => one.target.kind === 'jump' && one.target.chain === CHAIN.markMasq && one.conditionKey === rule.conditionKey);
    if (marks) continue;
    found.push(
      finding('lint.kube.node-port-not-masqueraded', {
        subject: { kind: 'iptables.rule', name: `nat ${CHAIN.nodePorts}#${rule.number}` },
        values: [rule.key],
        text: `rule ${rule.number} of ${CHAIN.nodePorts} (${rule.key}) leads to all endpoints of ${rule.comments[0] ?? rule.target.chain} and masquerades nothing: clients from outside get no reply from endpoints on other nodes`,
        origins: [rule.origin],
        about: servicePortsOf(rule.comments),
      }),
    );
  }
  return found;
}

/** Places that a finding shows. */
const MOST_ORIGINS = 4;

/** What becomes of connections, whatever rule, set or chain is missing. */
function unmasqueraded(view: NodeView): FoundThing[] {
  const texts = {
    outside: 'are not masqueraded',
    'cluster IP': 'are not masqueraded, as those to other cluster IPs are',
    'no node port': 'are not masqueraded: no set of node ports holds the port',
  } as const;
  return unmasqueradedServices(view).map(({ kind, services }) =>
    finding('lint.kube.node-port-not-masqueraded', {
      subject: { kind: 'kube.servicePort', name: services[0]?.name ?? '', frontends: services.flatMap(({ places }) => places) },
      text: `connections from outside to ${listed(services.map(({ name, places }) => (places.includes(name) ? name : `${name} (${listed(places)})`)))} ${texts[kind]}: clients get no reply from endpoints on other nodes`,
      ...(kind === 'outside' ? {} : { certainty: 'heuristic' as const }),
      origins: services.flatMap(({ origins }) => origins).slice(0, MOST_ORIGINS),
      about: services.map(({ name }) => name),
    }),
  );
}
