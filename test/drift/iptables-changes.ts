/**
 * Rules changed with iptables (corpus iptables/drift, of which fixtures/drift/iptables holds the `-nL` listings): what was done, in the
 * words of the corpus, and what must be told of it from `-nL`.
 */
export const IPTABLES_CHANGES: readonly (readonly [scenario: string, done: readonly string[], told: readonly string[]])[] = [
  ['no-change', [], []],
  ['counters-only', [], []],
  ['interface-only', ['rule-changed'], []],
  ['comment-only', ['comment-changed'], ['none iptables.rule.comment-changed nat KUBE-SERVICES#5']],
  ['chain-renamed', ['chain-renamed'], ['none iptables.chain.renamed nat KUBE-SVC-RENAMED000000000']],
  ['rule-duplicated', ['rule-added'], ['none iptables.rule.multiplicity-changed nat KUBE-SERVICES#3']],
  ['policy-changed', ['policy-changed'], ['critical iptables.chain.policy-changed filter FORWARD']],
  ['rule-added', ['rule-added'], ['warning nat.snat.added nat KUBE-SERVICES#6']],
  ['rule-removed', ['rule-removed'], ['critical kube.service.cluster-ip-changed monitoring/prometheus:web']],
  ['rule-moved', ['rule-moved'], ['none iptables.rule.moved nat KUBE-SERVICES#1']],
  ['rule-shadowed', ['rule-added'], ['critical iptables.filter.newly-rejected filter INPUT#6']],
  ['negation-dropped', ['rule-changed'], ['warning nat.snat.removed nat KUBE-SVC-CDGGSHYLG3RE2FKL#1']],
  ['jump-to-goto', ['rule-changed'], ['warning iptables.filter.newly-accepted filter FORWARD#2']],
  ['lb-source-range-widened', ['rule-changed'], ['warning nat.source-restriction-changed default/web:http']],
  ['endpoint-removed', ['chain-removed', 'endpoint-removed'], ['notice kube.service.endpoints-changed default/web:http']],
  ['dnat-target-changed', ['rule-changed'], ['warning nat.dnat.retargeted default/web:http']],
  [
    'iptables-to-ipvs-mode',
    ['proxy-mode-changed'],
    [
      'critical kube.mode.changed proxy-mode',
      // The table of IPVS is not in the snapshot: whether it serves cannot be told.
      'critical kube.frontend.undecided default/kubernetes:https',
      'critical kube.frontend.undecided default/web:http',
      'critical kube.frontend.undecided kube-system/kube-dns:dns',
      'critical kube.frontend.undecided monitoring/prometheus:web',
    ],
  ],
];
