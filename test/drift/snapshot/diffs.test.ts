import { readFileSync } from 'node:fs';
import { diffSnapshots, explainSnapshots, readSnapshots, splitSnapshots, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/drift/diffs/${name}.txt`, import.meta.url), 'utf8');
}

function compared(content: string): Report {
  const split = splitSnapshots(readSnapshots([{ name: 'ticket.txt', content }]));
  if (split.kind !== 'moments') throw new Error(`no two moments: ${JSON.stringify(split)}`);
  return diffSnapshots(split.before, split.after);
}

/** What a diff is said to change, and what could not be compared. */
function changes(content: string): string[] {
  const { changes: found, scopeNotes, verdict } = compared(content);
  return [
    verdict,
    ...found.filter(({ toldWith }) => toldWith === undefined).map(({ severity, text }) => `${severity} ${text}`),
    ...scopeNotes.filter((note) => note.startsWith('not compared')),
  ];
}

const IPVS = [
  'drift',
  'notice tcp 10.96.78.31:80 lost the endpoint 10.244.1.22:80; 10.244.1.21:80 has weight 5 (was 1)',
  'notice tcp 10.96.200.200:8080 is a new virtual service; it leads to 10.244.0.99:8080',
  'notice tcp 10.96.0.10:53: scheduler rr → wlc',
];
const HIDDEN = 'cannot be told: it depends on rules that the diff does not show';

describe('a diff of listings is two moments', () => {
  it.each(['u', 'c', 'y'])('told alike in the form of diff -%s', (form) => {
    expect(changes(fixture(`ipvsadm-ln.${form}`))).toEqual(IPVS);
  });

  it('without lines around what differs, rows whose service is not shown are told and not compared', () => {
    expect(changes(fixture('ipvsadm-ln.n'))).toEqual([
      'drift',
      IPVS[2],
      IPVS[3],
      'not compared: ticket.txt: 3 changed rows are of something that the diff does not show: "-> 10.244.1.21:80 Masq 1 0 0", "-> 10.244.1.22:80 Masq 1 0 0", "-> 10.244.1.21:80 Masq 5 0 0"',
    ]);
  });

  it.each(['u', 'c', 'n'])('of a save, what changed is certain and what it does is not (diff -%s)', (form) => {
    const report = compared(fixture(`iptables-save.${form}`));
    expect(report.changes.map(({ severity, text, details }) => [severity, text, details.map((detail) => detail.text)])).toEqual([
      ['notice', 'nat KUBE-SERVICES: rule "--dst-type LOCAL -j KUBE-NODE-PORT" is gone', [HIDDEN]],
      ['notice', 'nat POSTROUTING: rule "-s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE" was added', [HIDDEN]],
    ]);
    expect(report.verdict).toBe('undecided');
  });

  it('lines that diff -y has cut carry no claim', () => {
    expect(changes(fixture('iptables-save.y'))).toEqual([
      'undecided',
      'not compared: ticket.txt: 2 changed lines are cut at the width of the diff',
    ]);
  });

  it('of a set, a member that left is told and the set is not gone', () => {
    const left =
      'notice 10.96.0.10,udp:53 left set KUBE-CLUSTER-IP; whether a rule looks into it cannot be told: not all rules are in the snapshots';
    expect(['u', 'n'].map((form) => changes(fixture(`ipset-save.${form}`))[1])).toEqual([left, left]);
  });

  it('of rules without their chain, the chain is not guessed', () => {
    expect(changes(fixture('iptables-nat-nL.n'))).toEqual([
      'undecided',
      'notice nat, in a chain that the diff does not name: rule "-s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE" was added',
      'notice nat, in a chain that the diff does not name: rule "--dst-type LOCAL -j KUBE-NODE-PORT" is gone',
    ]);
    expect(changes(fixture('iptables-nat-nL.u')).slice(1)).toEqual([
      'notice nat POSTROUTING: rule "-s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE" was added',
      // The hunk begins below the chain's header.
      'notice nat, in a chain that the diff does not name: rule "--dst-type LOCAL -j KUBE-NODE-PORT" is gone',
    ]);
  });

  it('is read in a fence, in a quote, and behind the times of a log', () => {
    const unified = fixture('ipvsadm-ln.u');
    const wraps: readonly ((text: string) => string)[] = [
      (text) => `Since the upgrade:\n\n\`\`\`diff\n${text}\`\`\`\n\nAny idea?\n`,
      (text) => `> On Monday:\n${text.replace(/^/gm, '> ')}\n`,
      (text) =>
        text
          .split('\n')
          .map((line, index) => `2026-11-22T21:02:${String(index).padStart(2, '0')}Z ${line}`)
          .join('\n'),
      (text) => text.replaceAll('\n', '\r\n'),
    ];
    for (const wrap of wraps) expect(changes(wrap(unified)).slice(1, 4)).toEqual(changes(unified).slice(1, 4));
  });

  it('takes no claim of absence from a service that goes on beyond the hunk', () => {
    const rows = ' TCP  10.96.0.1:443 rr\n-  -> 192.0.2.11:6443              Masq    1      0          0\n';
    expect(changes(`@@ -4,9 +4,8 @@\n${rows} TCP  10.96.0.10:53 rr\n`)).toEqual([
      'drift',
      'critical tcp 10.96.0.1:443 lost the endpoint 192.0.2.11:6443; it has no usable endpoint left: new connections are refused (went to 192.0.2.11:6443)',
    ]);
    expect(changes(`\`\`\`diff\n${rows}\`\`\`\n`)).toEqual(['drift', 'notice tcp 10.96.0.1:443 lost the endpoint 192.0.2.11:6443']);
  });

  it('takes the service of rows from the title that git puts behind the numbers', () => {
    const rows =
      '   -> 192.0.2.11:6443              Masq    1      0          0\n-  -> 192.0.2.12:6443              Masq    1      0          0\n';
    expect(changes(`--- a/ipvsadm.txt\n+++ b/ipvsadm.txt\n@@ -14,2 +14,1 @@ TCP  10.96.0.1:443 rr\n${rows}`)[1]).toBe(
      'warning tcp 10.96.0.1:443 lost the endpoint 192.0.2.12:6443',
    );
  });

  it('of several files has the same two moments, of one file twice has four', () => {
    const both = readSnapshots([{ name: 'ticket.txt', content: fixture('ipvsadm-ln.u') + fixture('iptables-save.u') }]);
    const twice = readSnapshots([{ name: 'ticket.txt', content: fixture('ipvsadm-ln.u') + fixture('ipvsadm-ln.n') }]);
    expect([both.length, twice.length]).toEqual([2, 4]);
    expect(both.map(({ time }) => time)).toEqual(['2026-11-22T21:02:36', '2026-11-22T21:02:36']);
  });

  it('is explained by its last side, and of something else is a trouble', () => {
    expect(explainSnapshots(readSnapshots([{ name: 'x', content: fixture('ipvsadm-ln.u') }])).leftOut?.moments).toBe(1);
    const other = readSnapshots([{ name: 'x', content: '--- a.sh\n+++ b.sh\n@@ -1,2 +1,2 @@\n echo one\n-echo two\n+echo three\n' }]);
    expect(other[0].troubles.map(({ code, message }) => [code, message])).toEqual([
      ['snapshot/diff', 'is a diff, of which neither side is an output of a known tool'],
    ]);
  });
});
