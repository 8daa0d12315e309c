import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from './support.ts';

type Edit = (text: string) => string;

/** A capture of ipvs mode whose service at 10.96.78.31:80 has no endpoint, with edits of its files. */
function withoutEndpoints(edits: Readonly<Record<string, Edit>> = {}): Snapshot {
  const files = snapshotFiles('fixtures/three-modes/ipvs').map(({ name, content }) => {
    const text = Buffer.from(content).toString();
    const emptied = name === 'ipvsadm-Sn.txt' ? text.replace(/^-a -t 10\.96\.78\.31:80 .*\n/gm, '') : text;
    return { name, content: edits[name]?.(emptied) ?? emptied };
  });
  return readSnapshot(files);
}

/** What is told both ways, without what is none. */
function told(edits: Readonly<Record<string, Edit>>): string[][] {
  const [before, after] = [withoutEndpoints(), withoutEndpoints(edits)];
  return [diffSnapshots(before, after), diffSnapshots(after, before)].map(({ changes }) =>
    changes.filter(({ severity }) => severity !== 'none').map(({ severity, text }) => `${severity}: ${text}`),
  );
}

const left: Edit = (text) => text.replace('add KUBE-CLUSTER-IP 10.96.78.31,tcp:80\n', '');
const isAbout = (texts: readonly string[]): string[] => texts.filter((text) => text.includes('10.96.78.31'));

describe('a service without endpoints, whose connections IPVS refuses', () => {
  it('is refused as before where a rule does it instead, with the same answer: no effect', () => {
    expect(told({ 'ipset-save.txt': left })).toEqual([[], []]);
  });

  it('has no effect either among other changes: where the rule that lets its set through is gone too', () => {
    const gone: Edit = (text) => text.replace(/^-A KUBE-IPVS-FILTER .*--match-set KUBE-CLUSTER-IP .*\n/m, '');
    const found = told({ 'ipset-save.txt': left, 'iptables-save.txt': gone });
    expect(found.map(isAbout)).toEqual([[], []]);
    expect(found.flat().filter((text) => text.includes('could not be determined'))).toEqual([]);
  });

  it('never passed: where a rule drops its packets, that is another answer', () => {
    const drop: Edit = (text) => text.replace(/^-A INPUT /m, '-A INPUT -d 10.96.78.31/32 -p tcp -m tcp --dport 80 -j DROP\n-A INPUT ');
    expect(told({ 'iptables-save.txt': drop })).toEqual([
      [
        'notice: tcp 10.96.78.31:80: new connections from pods and from outside are dropped; they were refused by IPVS, which has no destination for them',
      ],
      [
        'notice: tcp 10.96.78.31:80: new connections from pods and from outside are refused by IPVS, which has no destination for them; they were dropped',
      ],
    ]);
  });
});
