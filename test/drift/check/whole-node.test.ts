import { checkSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { edited } from '../three-modes.ts';
import { snapshotFiles } from '../support.ts';

const SAVE = 'iptables-save.txt';
const told = (check: readonly string[], id: string): string[] => check.filter((text) => text.includes(` ${id}: `));

describe('kube-proxy that masquerades what does not have its mark', () => {
  const id = 'lint.kube.unmarked-masqueraded';
  const sentence = (rule: string): string =>
    `warning ${id}: ${rule} masquerades packets with and without the mark for masquerading: whatever else leaves through this node has its source address replaced too`;
  const withoutReturn = [SAVE, /^-A KUBE-POSTROUTING -m mark ! --mark 0x4000\/0x4000 .*-j RETURN\n/m, ''] as const;

  it('is found in each mode, where the rule that lets all others return is gone', () => {
    expect(told(edited('iptables', [withoutReturn]).check, id)).toEqual([sentence('KUBE-POSTROUTING#2')]);
    expect(told(edited('ipvs', [withoutReturn]).check, id)).toEqual([sentence('KUBE-POSTROUTING#3')]);
    const nft = edited('nftables', [['nft-list-ruleset.txt', /^\t\tmeta mark & 0x00004000 == 0x00000000 return\n/m, '']]);
    expect(told(nft.check, id)).toEqual([sentence('ip kube-proxy masquerading#2')]);
  });

  it('is found where that rule is for some packets alone, asks for another mark, or comes too late', () => {
    const instead = (by: string) => [SAVE, /^(-A KUBE-POSTROUTING) -m mark ! --mark 0x4000\/0x4000 .*-j RETURN\n/m, by] as const;
    for (const by of ['$1 -p udp -m mark ! --mark 0x4000/0x4000 -j RETURN\n', '$1 -m mark --mark 0x4000/0x4000 -j RETURN\n'])
      expect(told(edited('iptables', [instead(by)]).check, id)).toEqual([sentence('KUBE-POSTROUTING#3')]);
    const late = [
      SAVE,
      /^(-A KUBE-POSTROUTING -m mark ! [^]*?)((?:-A KUBE-POSTROUTING .*\n)+)/m,
      '-A KUBE-POSTROUTING -j MASQUERADE\n$1$2',
    ] as const;
    expect(told(edited('iptables', [late]).check, id)).toEqual([sentence('KUBE-POSTROUTING#1')]);
  });

  it('is not found where the rule that masquerades asks for the mark, as up to 1.16, or nothing leads there', () => {
    const old = [
      SAVE,
      /^(?:-A KUBE-POSTROUTING .*\n)+/m,
      '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -m mark --mark 0x4000/0x4000 -j MASQUERADE\n',
    ] as const;
    expect(told(edited('iptables', [old]).check, id)).toEqual([]);
    const idle = edited('iptables', [withoutReturn, [SAVE, /^-A POSTROUTING .*-j KUBE-POSTROUTING\n/m, '']]);
    expect(told(idle.check, id)).toEqual([]);
  });
});

describe('a node port of ipvs mode that is missing at an address of the node', () => {
  const id = 'lint.ipvs.node-port-address-missing';
  const files = snapshotFiles('fixtures/three-modes/ipvs');
  const found = (from: RegExp): string[] =>
    checkSnapshot(
      readSnapshot(
        files.map(({ name, content }) => ({
          name,
          content: name === 'ipvsadm-Sn.txt' ? Buffer.from(content).toString().replace(from, '') : content,
        })),
      ),
    ).findings.flatMap((finding) => (finding.id === id ? [`${finding.severity} ${finding.text}`] : []));

  it('is found by the other node ports, and not where all of them are missing there', () => {
    expect(found(/(?!)/)).toEqual([]);
    expect(found(/^-[Aa] -t 10\.244\.0\.1:30880 .*\n/gm)).toEqual([
      'critical node port tcp 30880 has no virtual service at 10.244.0.1, as 1 other node port has: connections to it fail there',
    ]);
    expect(found(/^-[Aa] -t 192\.168\.10\.11:30080 .*\n/gm)).toEqual([
      'critical node port tcp 30080 has no virtual service at 192.168.10.11, as 1 other node port has: connections to it fail there',
    ]);
    expect(found(/^-[Aa] -t 10\.244\.0\.1:3.*\n/gm)).toEqual([]);
  });

  it('is not found of the only node port: which addresses have node ports, nothing tells', () => {
    expect(found(/^-[Aa] -t (?:\S+:30880|10\.244\.0\.1:30080) .*\n/gm)).toEqual([]);
  });
});
