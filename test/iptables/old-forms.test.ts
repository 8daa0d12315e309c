import { parseIptables, printIptables, printIptablesSave } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';

const HEAD = 'Chain INPUT (policy DROP)\ntarget     prot opt source               destination         \n';

/** Destination, matches and target of one row. */
function row(text: string): readonly unknown[] {
  const { value } = parseIptables(`${HEAD}${text}\n`);
  const rule = 'tables' in value ? value.tables[0]?.chains[0]?.rules[0] : undefined;
  return [
    rule?.destination,
    rule?.matches.map((match) => Object.fromEntries(Object.entries(match).filter(([key]) => key !== 'span'))),
    rule?.target,
  ];
}

const ANY = { not: false, address: '0.0.0.0', prefixLength: 0 };
const place = '0.0.0.0/0            0.0.0.0/0           ';

describe('rows that iptables before 1.4 and its patches print', () => {
  it.each([
    ['icmp type 3 ', { not: false, type: 3 }],
    ['icmp type 3 code 4 ', { not: false, type: 3, code: 4 }],
    ['icmp !type 8 ', { not: true, type: 8 }],
  ])('%s', (text, expected) => {
    expect(row(`ACCEPT     icmp --  ${place}${text}`)[1]).toEqual([{ kind: 'IcmpMatch', ...expected }]);
    const printed = printIptables(parseIptables(`${HEAD}ACCEPT     icmp --  ${place}${text}\n`).value);
    expect(printed).toContain(text.trimEnd());
  });

  it('ask for a mark in capitals, with the sign joined on', () => {
    expect(row(`ACCEPT     all  --  ${place}MARK match 0x1 `)[1]).toEqual([{ kind: 'MarkMatch', not: false, value: 1, mask: 0xffffffff }]);
    expect(row(`ACCEPT     all  --  ${place}MARK match !0x1/0xff `)[1]).toEqual([{ kind: 'MarkMatch', not: true, value: 1, mask: 0xff }]);
    // Behind the target of that name it is the target's word.
    expect(row(`MARK       all  --  ${place}MARK set 0x4 `)).toEqual([
      ANY,
      [],
      { kind: 'MarkTarget', name: 'MARK', value: 4, mask: 0xffffffff },
    ]);
  });

  it("have a sign of a match that is not known, which is not the address's", () => {
    const quota = '! quota capA: 1000 bytes';
    const target = { kind: 'RejectTarget', name: 'REJECT', with: 'icmp-port-unreachable' };
    const block = { address: '192.0.2.0', prefixLength: 24 };
    expect(row(`REJECT     all  --  0.0.0.0/0            192.0.2.0/24         ${quota}  reject-with icmp-port-unreachable`)).toEqual([
      { not: false, ...block },
      [{ kind: 'UnknownMatch', text: quota }],
      target,
    ]);
    expect(row(`REJECT     all  --  0.0.0.0/0           !192.0.2.0/24         ${quota}  reject-with icmp-port-unreachable`)).toEqual([
      { not: true, ...block },
      [{ kind: 'UnknownMatch', text: quota }],
      target,
    ]);
    expect(row(`ACCEPT     all  --  0.0.0.0/0            192.0.2.0/24         ! ctstate NEW`)[0]).toEqual({ not: false, ...block });
  });

  it.each([
    ['MARK', 'LAYER7 l7proto bittorrent MARK set 0x4 ', 'LAYER7 l7proto bittorrent', 'MarkTarget'],
    ['DROP', 'ipp2p v0.8.2 --kazaa --gnu --edk ', 'ipp2p v0.8.2 --kazaa --gnu --edk', 'VerdictTarget'],
  ])('keep the text of patches: %s %s', (target, text, unknown, kind) => {
    expect(row(`${target.padEnd(10)} all  --  ${place}${text}`)).toEqual([
      ANY,
      [{ kind: 'UnknownMatch', text: unknown }],
      expect.objectContaining({ kind, name: target }),
    ]);
  });

  it('keep the text of a target that a patch brings: IMQ', () => {
    expect(row(`IMQ        all  --  ${place}IMQ: todev 0 `)).toEqual([
      ANY,
      [],
      expect.objectContaining({ kind: 'UnknownTarget', name: 'IMQ', text: 'IMQ: todev 0' }),
    ]);
  });
});

describe('the short forms of options that iptables takes', () => {
  it.each([
    ['-j DNAT --to 192.0.2.250', '-j DNAT --to-destination 192.0.2.250'],
    ['-p tcp -m tcp --dport 80 -j DNAT --to 192.0.2.250:8080', '-p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.250:8080'],
    ['-o eth0 -j SNAT --to 192.0.2.1', '-o eth0 -j SNAT --to-source 192.0.2.1'],
    ['-p tcp -j REDIRECT --to-port 8080', '-p tcp -j REDIRECT --to-ports 8080'],
    ['-p tcp -j REDIRECT --to 8080', '-p tcp -j REDIRECT --to-ports 8080'],
    [
      '-m string --string "x" --algo bm --to 65 -j DNAT --to 10.0.0.1',
      '-m string --string "x" --algo bm --to 65 -j DNAT --to-destination 10.0.0.1',
    ],
  ])('%s', (written, whole) => {
    const { value, diagnostics } = parseIptables(`*nat\n:A - [0:0]\n-A A ${written}\nCOMMIT\n`);
    expect(diagnostics).toEqual([]);
    expect('tables' in value ? printIptablesSave(value) : value).toBe(`*nat\n:A - [0:0]\n-A A ${whole}\nCOMMIT\n`);
  });
});
