import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { checkProofs } from './proofs.ts';

const CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
const listing = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../fixtures/${path}`, import.meta.url)), 'utf8');
/** FWM 1 leads to 10.204.0.1 and 10.204.0.2 at the port asked for, FWM 1 IPv6 to 2001:db8:204::1, FWM 2 to 10.204.0.3:8080. */
const MARKS = listing('ipvsadm-1.31/fwmark/ln.txt');
/** FWM 1 leads to 192.0.2.21:80, FWM 2 by tunnels to 198.51.100.31:80 and 198.51.100.32:80. */
const DIRECTOR = listing('incidents/c4-weight-change-alters-forwarding/before/ipvsadm-ln.txt');

interface Host {
  readonly mangle?: readonly string[];
  readonly nat?: readonly string[];
  readonly filter?: readonly string[];
  readonly forward?: string;
  readonly ipvs?: string;
  readonly command?: 'iptables-save' | 'ip6tables-save';
}

/** A host with `iptables-save` and `ipvsadm -ln`; where no rules of mangle are given it has no such table, as after a boot. */
function host({ mangle, nat = [], filter = [], forward = 'ACCEPT', ipvs = MARKS, command = 'iptables-save' }: Host): Snapshot {
  const lines = [
    ...(mangle === undefined ? [] : ['*mangle', ...CHAINS.map((chain) => `:${chain} ACCEPT [0:0]`), ...mangle, 'COMMIT']),
    ...['*nat', ...CHAINS.filter((chain) => chain !== 'FORWARD').map((chain) => `:${chain} ACCEPT [0:0]`), ...nat, 'COMMIT'],
    ...['*filter', ':INPUT ACCEPT [0:0]', `:FORWARD ${forward} [0:0]`, ':OUTPUT ACCEPT [0:0]', ...filter, 'COMMIT', ''],
  ];
  return readSnapshot([
    { name: `${command}.txt`, content: lines.join('\n') },
    ...(ipvs === '' ? [] : [{ name: 'ipvsadm-ln.txt', content: ipvs }]),
  ]);
}

/** What is told, once the packet that proves it was led through both sides by the referee. */
function told(before: Host, after: Host): string[] {
  const [one, other] = [host(before), host(after)];
  expect(checkProofs(one, other).wrong).toEqual([]);
  return toldUnchecked(one, other);
}

const toldUnchecked = (one: Snapshot, other: Snapshot): string[] =>
  diffSnapshots(one, other).changes.map(({ severity, id, text }) => `${severity} ${id}: ${text}`);

const marking = (mark: string, chain = 'PREROUTING'): string =>
  `-A ${chain} -d 203.0.113.30/32 -p tcp -m multiport --dports 80,443 -j MARK --set-xmark ${mark}/0xffffffff`;
const undecided = (chain: string, mark: string, reason: string): string =>
  `notice iptables.rule.removed: rule ${chain}#1 (-p tcp -d 203.0.113.30 --dports 443,80 -j MARK --set-xmark ${mark}/0xffffffff) is gone; it matches packets of tcp to 203.0.113.30 to port 80 and 443, and its effect could not be determined: ${reason}`;

describe('a rule that marks packets for a firewall-mark service', () => {
  const marked = { mangle: [marking('0x1')] };

  it('is critical when it goes: its packets no longer get to the destinations', () => {
    expect(told(marked, { mangle: [] })).toEqual([
      'critical nat.mark-changed: packets of tcp to 203.0.113.30 to port 80 and 443: new connections go to their original destination; they went to the destinations of fwmark 1 ipv4, 10.204.0.1:80 (33 %) and 10.204.0.2:80 (67 %)',
    ]);
  });

  it('is a notice when it comes', () => {
    expect(told({ mangle: [] }, marked)).toEqual([
      'notice nat.mark-changed: packets of tcp to 203.0.113.30 to port 80 and 443: new connections go to the destinations of fwmark 1 ipv4, 10.204.0.1:80 (33 %) and 10.204.0.2:80 (67 %); they went to their original destination',
    ]);
  });

  it('shows a packet from outside as proof', () => {
    const [change] = diffSnapshots(host(marked), host({ mangle: [] })).changes;
    expect(change?.details.map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'packet: tcp 198.51.100.7:40000 → 203.0.113.30:80 (outside → elsewhere)',
      'before: mangle PREROUTING#1: to 10.204.0.1:80 (33 %) and 10.204.0.2:80 (67 %), source address kept',
      'after: no rule: destination kept, source address kept',
      'because: rule PREROUTING#1 (-p tcp -d 203.0.113.30 --dports 443,80 -j MARK --set-xmark 0x1/0xffffffff) is gone',
    ]);
  });

  it('is a redirect when it gives the mark of another one', () => {
    expect(told({ ...marked, ipvs: DIRECTOR }, { mangle: [marking('0x2')], ipvs: DIRECTOR })).toEqual([
      'warning nat.mark-changed: packets of tcp to 203.0.113.30 to port 80 and 443: new connections go to the destinations of fwmark 2 ipv4, 198.51.100.31:80 and 198.51.100.32:80 (50 % each); they went to the destinations of fwmark 1 ipv4, 192.0.2.21:80',
    ]);
  });

  it('is critical for IPv6 by the service of that family', () => {
    const six = {
      command: 'ip6tables-save',
      mangle: ['-A PREROUTING -d 2001:db8:30::1/128 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff'],
    } as const;
    expect(told(six, { ...six, mangle: [] })).toEqual([
      'critical nat.mark-changed: packets of tcp to 2001:db8:30::1 to port 80: new connections go to their original destination; they went to the destinations of fwmark 1 ipv6, [2001:db8:204::1]:80',
    ]);
  });

  it('is found behind a jump, for packets of the node, and where the whole table is gone', () => {
    const jump = [':LVS - [0:0]', '-A OUTPUT -j LVS'];
    expect(told({ mangle: [...jump, marking('0x2', 'LVS')] }, { mangle: jump })).toEqual([
      'critical nat.mark-changed: packets of tcp to 203.0.113.30 to port 80 and 443: new connections from this node itself go to their original destination; they went to the destinations of fwmark 2 ipv4, 10.204.0.3:8080',
    ]);
    expect(told(marked, {})).toEqual(told(marked, { mangle: [] }));
    expect(told({}, marked)).toEqual(told({ mangle: [] }, marked));
  });

  it('is told as a refusal where the host forwards nothing else', () => {
    expect(told({ ...marked, forward: 'DROP' }, { mangle: [], forward: 'DROP' })).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to 203.0.113.30 to port 80 and 443: new connections from pods and from outside are dropped; they went to 10.204.0.1:80 (33 %) and 10.204.0.2:80 (67 %)',
    ]);
  });

  it('has its packets asked by INPUT, where another rule may drop them', () => {
    const drop = '-A INPUT -d 203.0.113.30/32 -p tcp -m tcp --dport 443 -j DROP';
    expect(told(marked, { ...marked, filter: [drop] })).toEqual([
      'critical iptables.filter.newly-rejected: packets of tcp to 203.0.113.30 to port 443: new connections from pods and from outside are dropped; they went to 10.204.0.1:443 (33 %) and 10.204.0.2:443 (67 %)',
    ]);
  });

  it('may divide packets by chance', () => {
    const half = '-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j MARK --set-xmark 0x1/0xffffffff';
    const rest = '-A PREROUTING -p tcp -m mark --mark 0x0 -j MARK --set-xmark 0x2/0xffffffff';
    const nat = [
      '-A PREROUTING -p tcp -m statistic --mode random --probability 0.25 -j DNAT --to-destination 10.0.0.8:8080',
      '-A PREROUTING -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.0.8:9090',
      '-A PREROUTING -m mark --mark 0x2 -j ACCEPT',
    ];
    expect(told({ mangle: [half, rest], nat }, { mangle: [rest], nat })).toEqual([
      'warning nat.mark-changed: tcp 10.4.9.1:80: new connections from pods and from outside go to the destinations of fwmark 2 ipv4, 10.204.0.3:8080; they went to 10.204.0.1:80 (6 %), 10.204.0.1:8080 (4 %), 10.204.0.1:9090 (6 %) and 4 more',
    ]);
  });

  it('may lead to a service without destinations, which refuses', () => {
    expect(told({ mangle: [marking('0x64')] }, { mangle: [] })).toEqual([
      'warning nat.mark-changed: packets of tcp to 203.0.113.30 to port 80 and 443: new connections go to their original destination; they went to no endpoint',
    ]);
  });

  it('takes packets away from the virtual service at their address', () => {
    const both = DIRECTOR.replace(
      'FWM  1 wlc',
      'TCP  203.0.113.30:80 rr\n  -> 10.0.0.9:80                  Masq    1      0          0\nFWM  1 wlc',
    );
    expect(told({ mangle: [], ipvs: both }, { ...marked, ipvs: both })).toEqual([
      'warning nat.mark-changed: tcp 203.0.113.30:80: new connections from pods and from outside go to the destinations of fwmark 1 ipv4, 192.0.2.21:80; they went to 10.0.0.9:80',
    ]);
  });
});

describe('a rule that marks packets is undecided', () => {
  const gone = (chain: string, mark: string, more: Host = {}): string[] =>
    told({ ...more, mangle: [marking(mark, chain)] }, { ...more, mangle: [] });

  it('where no service has the mark and no rule reads it', () => {
    expect(gone('PREROUTING', '0x9')).toEqual([
      undecided('PREROUTING', '0x9', 'no rule reads the mark 0x9, and whether routing does (ip rule) was not given'),
    ]);
  });

  it('where no service has any mark, or its mark is of the other family', () => {
    const reason = 'no rule reads the mark 0x1, and whether routing does (ip rule) was not given';
    const others =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nFWM  1 IPv6 rr\n';
    for (const ipvs of ['', others.replace('FWM  1 IPv6 rr\n', ''), others])
      expect(gone('PREROUTING', '0x1', { ipvs })).toEqual([undecided('PREROUTING', '0x1', reason)]);
  });

  it('in a chain that packets meet after they are routed', () => {
    expect(gone('POSTROUTING', '0x1')).toEqual([
      undecided('POSTROUTING', '0x1', 'no rule reads the mark 0x1, and whether routing does (ip rule) was not given'),
    ]);
  });
});

// The referee knows no target that takes a packet elsewhere.
describe('a target of mangle that is not modelled', () => {
  const behind = (target: string): string[] =>
    toldUnchecked(host({ mangle: [`-A PREROUTING ${target}`, marking('0x1')] }), host({ mangle: [`-A PREROUTING ${target}`] }));

  it.each(['-j HMARK --hmark-tuple src --hmark-mod 4 --hmark-rnd 0x1', '-j SOMETHING'])(
    '%s leaves what stands behind it undecided',
    (target) => {
      expect(behind(target)).toHaveLength(1);
      expect(behind(target)[0]).toMatch(
        /^notice iptables\.rule\.removed: rule PREROUTING#2 .* could not be determined: what becomes of packets behind .* is not modelled$/,
      );
    },
  );

  it('takes packets away from the rules behind it: TPROXY gives them to a socket', () => {
    expect(behind('-p tcp -j TPROXY --on-port 50080 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1').map((text) => text.slice(0, 28))).toEqual([
      'none iptables.rule.removed: ',
    ]);
  });

  it('is not one that restores the mark of a new connection, which is 0 unless a rule for the same packets sets it', () => {
    const restore = '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff';
    expect(behind(restore).map((text) => text.slice(0, 25))).toEqual(['critical nat.mark-changed']);
    expect(behind(`${restore}\n-A PREROUTING -p udp -j CONNMARK --set-xmark 0x1/0xffffffff`).map((text) => text.slice(0, 25))).toEqual([
      'critical nat.mark-changed',
    ]);
  });
});
