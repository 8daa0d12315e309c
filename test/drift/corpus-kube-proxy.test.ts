import { expect, it } from 'vitest';
import { diffSnapshots, readSnapshot, type Report, type Snapshot } from '@netdrift/drift';
import { corpusBytes, corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import { outline } from './support.ts';

interface Manifest {
  readonly steps?: readonly string[];
}

const manifests = corpusFiles('kube-proxy', (path) => path.endsWith('/manifest.json'));
const steps = manifests.flatMap((path) => {
  const folder = path.slice(0, -'/manifest.json'.length);
  const names = (JSON.parse(corpusFile(path)) as Manifest).steps ?? [''];
  return names.map((step) => ({ scenario: folder.slice('kube-proxy/'.length), folder: step === '' ? folder : `${folder}/${step}`, step }));
});

function snapshot(folder: string): Snapshot {
  const depth = folder.split('/').length;
  const files = corpusFiles(folder, (path) => path.split('/').length === depth + 1 && !/manifest\.json$|\.log$/.test(path));
  return readSnapshot(files.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), content: corpusBytes(path) })));
}

function diff(before: string, after: string): Report {
  return diffSnapshots(snapshot(before), snapshot(after));
}

describeCorpus('kube-proxy', 'captures of a real kube-proxy', () => {
  it.each(steps.map(({ folder }) => folder))('%s against itself is no change', (folder) => {
    const report = diff(folder, folder);
    expect(outline(report)).toEqual([]);
    expect(['no-change', 'undecided']).toContain(report.verdict);
    expect(report.troubles.length > 0).toBe(report.verdict === 'undecided');
  });
});

describeCorpus('kube-proxy', 'one cluster seen in two ways', () => {
  it.each([
    ['iptables-v1.20-kitchen-sink', 'iptables-v1.20-legacy-kitchen-sink'],
    ['ipvs-v1.20-nodeport', 'ipvs-v1.20-legacy-nodeport'],
  ])('%s and %s differ in nothing a packet can tell: nft and legacy', (one, other) => {
    for (const [before, after] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(outline(diff(`kube-proxy/${before}`, `kube-proxy/${after}`)).filter((line) => !line.startsWith('none '))).toEqual([]);
    }
  });

  it.each([
    ['ipvs-v1.30-cluster-cidr', 'ipvs-v1.30-masquerade-all', 'cause.masquerade-all-toggled'],
    ['ipvs-v1.30-default', 'ipvs-v1.30-cluster-cidr', 'cause.cluster-cidr-changed'],
  ])('%s → %s is one cause in both directions', (one, other, cause) => {
    for (const [before, after] of [
      [one, other],
      [other, one],
    ] as const) {
      const report = diff(`kube-proxy/${before}`, `kube-proxy/${after}`);
      expect(report.causes.map(({ id }) => id)).toEqual([cause]);
      expect(outline(report).filter((line) => !line.startsWith('none '))).toEqual([expect.stringMatching(/^warning kube\.config\./)]);
    }
  });
});
