import { expect, it } from 'vitest';
import { observedNft } from '../../../packages/drift/src/check/expected/rules/observed-nft.ts';
import { observedIptables, type ObservedRules } from '../../../packages/drift/src/check/expected/rules/observed-rules.ts';
import { desiredPorts } from '../../../packages/drift/src/desired/desired-ports.ts';
import { knowsServiceRules, serviceRules } from '../../../packages/drift/src/desired/service-rules.ts';
import type { Family } from '../../../packages/drift/src/desired/settings.ts';
import { nodeKnowledge } from '../../../packages/drift/src/read/kinds/node-knowledge.ts';
import { nftTableOf } from '../../../packages/drift/src/proxy/nftables/names.ts';
import { buildModel } from '../../../packages/drift/src/state/build-model.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { settingsOf } from '../../support/proxy-settings.ts';
import { type Capture, captures, snapshotOf } from '../../support/scenario.ts';

/** Chains, sets and maps that hold rules of services; the jump to node ports is the one rule in them that is no service's. */
const OF_SERVICES =
  /^(?:nat KUBE-(?:SERVICES|NODEPORTS|SVC-|SVL-|EXT-|XLB-|FW-|SEP-)|filter KUBE-(?:SERVICES|EXTERNAL-SERVICES|NODEPORTS|PROXY-FIREWALL)|chain (?:service|local|external|firewall|endpoint)-\w{8}-|set (?:cluster-ips|affinity-)|map )/;
const NODE_PORTS = /-j KUBE-NODEPORTS$/;

/** What was changed by hand in one capture. */
const BY_HAND: readonly string[] = [
  '- nat KUBE-SERVICES --dport 80 -d 10.109.1.3 -p tcp -j KUBE-SVC-IBN2J44QEFRAIYQH',
  '- nat KUBE-SEP-LBOAK34XRGAA3RIE -s 10.244.0.53 -j KUBE-MARK-MASQ',
  '- nat KUBE-SEP-LBOAK34XRGAA3RIE -p tcp -j DNAT --to-destination 10.244.0.53:8080',
  '+ nat KUBE-SEP-LBOAK34XRGAA3RIE -p tcp -j DNAT --to-destination 10.244.0.99:8080',
];

/** Lines of kube-proxy's rules that the objects ask for and the node lacks (`-`), and that the node has beside (`+`). */
function differences(capture: Capture, family: Family): string[] {
  const snapshot = snapshotOf(capture, (file) =>
    ['objects.json', 'iptables-save.txt', 'ip6tables-save.txt', 'nft-list-ruleset.txt'].includes(file),
  );
  const settings = settingsOf(capture);
  const model = buildModel(snapshot);
  const observed =
    settings.mode === 'nftables'
      ? observedNft(model.nft?.tables.get(nftTableOf(family)))
      : observedIptables([model.tables.get(`${family} nat`), model.tables.get(`${family} filter`)]);
  if (observed === undefined) return [];
  const asked = new Set(
    desiredPorts(nodeKnowledge(snapshot), settings)
      .filter((port) => port.family === family)
      .flatMap((port) => serviceRules(port, settings)?.rules.map(({ where, text }) => `${where} ${text}`) ?? []),
  );
  const found = new Set(linesOf(observed));
  return [
    ...[...asked].filter((line) => !found.has(line)).map((line) => `- ${line}`),
    ...[...found].filter((line) => !asked.has(line)).map((line) => `+ ${line}`),
  ];
}

function linesOf(observed: ObservedRules): string[] {
  return [...observed]
    .filter(([where]) => OF_SERVICES.test(where))
    .flatMap(([where, { rules }]) => rules.map(({ text }) => `${where} ${text}`))
    .filter((line) => !NODE_PORTS.test(line));
}

describeCorpus('kube-proxy-modes', 'the rules of services in iptables mode and nftables mode', () => {
  const all = [...captures('kube-proxy'), ...captures('kube-proxy-modes'), ...captures('kube-proxy-nftables')].filter(
    (capture) => !capture.step.startsWith('after-cleanup') && knowsServiceRules(settingsOf(capture)),
  );

  it.each(['ipv4', 'ipv6'] as const)(
    'are those of each capture, one by one, over %s',
    (family) => {
      const differing = all.map((capture) => [capture.name, differences(capture, family)] as const).filter(([, lines]) => lines.length > 0);
      expect(all.length).toBe(68);
      expect(differing).toEqual(family === 'ipv4' ? [['iptables-v1.30-pair-manual-drift/drifted', BY_HAND]] : []);
    },
    60_000,
  );
});
