import { parseIptables, printIptables } from '@netdrift/iptables';
import { describe, expect, it } from 'vitest';

const TITLES = 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';

/** What is read of each rule and what is said of it. */
function read(text: string) {
  const { value, diagnostics } = parseIptables(text);
  const tables = value.kind === 'ToolError' ? [] : value.tables;
  return {
    rules: tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.map(({ matches, target }) => [...matches, target]))),
    told: diagnostics.map(({ severity, code }) => `${severity} ${code}`),
  };
}

describe('TCP flags as 1.4.11 to 1.4.20 print them', () => {
  const row = 'ACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0            ';

  it('are read behind a port, behind the word tcp alone, negated, and by name', () => {
    const text = `${TITLES}${row}tcp dpt:9050flags: 0x17/0x02 owner UID match 0\n${row}tcpflags:! 0x17/0x02\n`;
    expect(read(text)).toEqual({
      rules: [
        [
          { kind: 'TcpMatch', destinationPorts: { not: false, low: 9050, high: 9050 }, flags: { not: false, mask: 0x17, set: 2 } },
          { kind: 'OwnerMatch', user: { not: false, low: 0, high: 0 } },
          { kind: 'VerdictTarget', name: 'ACCEPT' },
        ],
        [
          { kind: 'TcpMatch', flags: { not: true, mask: 0x17, set: 2 } },
          { kind: 'VerdictTarget', name: 'ACCEPT' },
        ],
      ],
      told: [],
    });
    const named = read(`${TITLES}${row}tcp dpt:22flags: FIN,SYN,RST,ACK/SYN\n`);
    expect(named.rules[0]?.[0]).toEqual({
      kind: 'TcpMatch',
      destinationPorts: { not: false, low: 22, high: 22 },
      flags: { not: false, mask: 0x17, set: 2 },
    });
  });

  it('print again as they were', () => {
    const text = `${TITLES}${row}tcp dpt:9050flags: 0x17/0x02 owner UID match 0\n${row}tcpflags:! 0x17/0x02\n`;
    expect(printIptables(JSON.parse(JSON.stringify(parseIptables(text).value)))).toBe(text);
  });
});

it('the prefix of LOG is read in the quotes of tools before 1.4.11', () => {
  const row =
    "LOG        0    --  0.0.0.0/0            0.0.0.0/0           limit: avg 1/sec burst 5 LOG flags 0 level 4 prefix `IN-a 'b:' \n";
  expect(read(TITLES + row)).toEqual({
    rules: [[expect.objectContaining({ kind: 'LimitMatch' }), { kind: 'LogTarget', name: 'LOG', flags: 0, level: 4, prefix: "IN-a 'b:" }]],
    told: [],
  });
});

describe('a saved rule that cannot be one rule', () => {
  it('is left out: two rules on one line would make a third', () => {
    expect(read('-A X -s 10.0.0.1/32 -j Y -A X -m addrtype --dst-type LOCAL -j ACCEPT\n')).toEqual({
      rules: [],
      told: ['error iptables/unread-line'],
    });
  });

  it('is left out where a quote has no end, for what was cut is not known', () => {
    expect(read('-A X -p tcp -m comment --comment "kub')).toEqual({ rules: [], told: ['error iptables/unread-line'] });
  });

  it.each(['$ClusterSubnet', '${POD_CIDR}', '<node-ip>'])(
    'keeps what stands in place of an address as a name, for any address would be another rule: %s',
    (name) => {
      const { value } = parseIptables(`-A POSTROUTING -s ${name} ! -d 224.0.0.0/4 -j MASQUERADE\n`);
      const source = 'tables' in value ? value.tables[0]?.chains[0]?.rules[0]?.source : undefined;
      expect(source).toEqual({ not: false, name });
    },
  );
});

it('the warning about legacy tables is read without its sign too, which Markdown takes away', () => {
  const { value } = parseIptables('Warning: iptables-legacy tables present, use iptables-legacy to see them\n');
  expect(value.kind === 'ToolError' ? value : value.notices).toEqual([
    { kind: 'LegacyTablesPresent', tool: 'iptables-legacy', use: 'iptables-legacy', before: 0, span: { start: 0, end: 72 } },
  ]);
});

it('a sentence of the tool that is not known by name is kept as an error', () => {
  const text = "iptables v1.8.10 (nf_tables): no command specified\nTry `iptables -h' or 'iptables --help' for more information.\n";
  expect(parseIptables(text).value).toEqual({
    kind: 'ToolError',
    error: 'other',
    tool: 'iptables',
    name: 'no command specified',
    span: { start: 0, end: text.length },
  });
  expect(parseIptables("iptables-save: invalid option -- 'L'\n").value).toMatchObject({
    kind: 'ToolError',
    error: 'other',
    tool: 'iptables-save',
  });
});
