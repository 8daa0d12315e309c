import { expect, it } from 'vitest';
import { readSnapshot } from '@netdrift/drift';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';

/** Folders of captured files, each one host. */
function hosts(root: string): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of corpusFiles(root, (file) => file.endsWith('.txt') && !file.includes('stderr'))) {
    const folder = path.slice(0, path.lastIndexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  return folders;
}

/** What is found above none, by the name of the host's scenario. */
function loud(root: string): Record<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const [folder, files] of hosts(root)) {
    const report = checkSnapshot(readSnapshot(files.map((file) => ({ name: file.slice(folder.length + 1), content: corpusFile(file) }))));
    const scenario = folder.slice(root.length + 1).split('/')[0] ?? '';
    for (const { id, severity } of report.findings)
      if (severity !== 'none') found.set(scenario, (found.get(scenario) ?? new Set()).add(id));
  }
  return Object.fromEntries([...found].sort().map(([scenario, ids]) => [scenario, [...ids].sort()]));
}

describeCorpus('iptables/scenarios', 'checking hosts with other programs', () => {
  it('finds nothing above none but what the scenario is about', () => {
    expect(hosts('iptables/scenarios').size).toBeGreaterThan(100);
    expect(loud('iptables/scenarios')).toMatchInlineSnapshot(`
      {
        "columns-ipv4": [
          "lint.iptables.redundant-before-wider",
          "lint.iptables.shadowed-rule",
        ],
        "columns-ipv6": [
          "lint.iptables.shadowed-rule",
        ],
        "iptables-mode-5000": [
          "lint.kube.endpoint-outside-cluster-cidr",
        ],
        "odd-comments-newline": [
          "lint.iptables.shadowed-rule",
        ],
        "seed-cluster-cidr": [
          "lint.iptables.refcount-mismatch",
        ],
        "seed-lb-source-ranges": [
          "lint.iptables.refcount-mismatch",
        ],
        "seed-masquerade-all": [
          "lint.iptables.refcount-mismatch",
        ],
        "seed-nodeport": [
          "lint.iptables.dangling-jump",
          "lint.kube.endpoint-outside-cluster-cidr",
        ],
        "targets-and-matches": [
          "lint.iptables.shadowed-rule",
        ],
      }
    `);
  }, 120_000);
});

describeCorpus('ipvsadm', 'checking hosts with IPVS and without Kubernetes', () => {
  it('finds what is odd for IPVS itself, and takes nobody for kube-proxy', () => {
    expect(hosts('ipvsadm').size).toBeGreaterThan(20);
    expect(loud('ipvsadm')).toMatchInlineSnapshot(`
      {
        "counters-real": [
          "lint.ipvs.weight-zero-idle",
        ],
        "drift-forward-changed": [
          "lint.ipvs.mixed-forwarding",
        ],
        "forward-methods": [
          "lint.ipvs.mixed-forwarding",
        ],
        "fwmark": [
          "lint.ipvs.mixed-forwarding",
        ],
        "kube-proxy": [
          "lint.ipvs.weight-zero-idle",
        ],
        "ops": [
          "lint.ipvs.mixed-forwarding",
        ],
        "traffic-sync-templates": [
          "lint.ipvs.mixed-forwarding",
        ],
        "tunnels": [
          "lint.ipvs.mixed-forwarding",
        ],
        "versions": [
          "lint.ipvs.weight-zero-idle",
        ],
        "weights-thresholds": [
          "lint.ipvs.weight-zero-idle",
        ],
      }
    `);
  }, 120_000);
});
