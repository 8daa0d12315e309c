import { diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { outline, snapshotFiles } from './support.ts';

const FILES = ['iptables-save.txt', 'ipset-save.txt', 'ipvsadm-ln.txt', 'kubectl-get-svc.txt'];
const whole = snapshotFiles('fixtures/demo/before').filter(({ name }) => FILES.includes(name));
const listing = new TextDecoder().decode(whole.find(({ name }) => name === 'ipvsadm-ln.txt')?.content as Uint8Array);
const TITLES = listing.split('\n').slice(0, 3).join('\n');
/** What ipvsadm 1.31 says on a kernel without the module. */
const NO_IPVS = "Can't initialize ipvs: Protocol not available\nAre you sure that IP Virtual Server is built in the kernel or as module?\n";

const withListing = (content: string): SnapshotFile[] =>
  whole.map((file) => (file.name === 'ipvsadm-ln.txt' ? { ...file, content } : file));
const diff = (before: readonly SnapshotFile[], after: readonly SnapshotFile[]): Report =>
  diffSnapshots(readSnapshot(before), readSnapshot(after));
const SERVICES =
  'default/kubernetes, default/nginx, kube-system/kube-dns 53/TCP, kube-system/kube-dns 53/UDP, kube-system/kube-dns 9153/TCP, prod/syslog, prod/web 443/TCP and prod/web 80/TCP';

describe('an IPVS table with nothing left in it', () => {
  it.each([
    ['emptied by ipvsadm -C', `${TITLES}\n`, 'the IPVS table is empty: all 17 virtual services are gone', 'ipvsadm -ln, once more'],
    ['of a kernel without IPVS', NO_IPVS, 'the kernel has no IPVS any more: all 17 virtual services are gone', 'lsmod | grep ip_vs'],
  ])('%s is one cause', (_, content, text, lookAt) => {
    const report = diff(whole, withListing(content));
    expect(report.causes.map((cause) => [cause.id, cause.severity, cause.text, cause.details])).toEqual([
      [
        'cause.owner-wiped',
        'critical',
        text,
        [
          { label: 'effect', text: `new connections to ${SERVICES} reach no endpoint any more` },
          { label: 'look at', text: lookAt },
        ],
      ],
    ]);
    expect(report.changes.every(({ cause }) => cause === 'k1')).toBe(true);
  });

  it('is no such thing where one virtual service is left', () => {
    const [service = '', destination = ''] = listing.split('\n').slice(3, 5);
    expect(diff(whole, withListing(`${TITLES}\n${service}\n${destination}\n`)).causes.map(({ id }) => id)).not.toContain(
      'cause.owner-wiped',
    );
  });

  it('is no such thing where the listing is cut', () => {
    const report = diff(
      [{ name: 'ipvsadm-ln.txt', content: listing }],
      [{ name: 'ipvsadm-ln.txt', content: TITLES.split('\n').slice(0, 2).join('\n') }],
    );
    expect([outline(report), report.verdict]).toEqual([[], 'undecided']);
  });
});
