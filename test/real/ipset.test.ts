import { containsPacket, parseIpset, printIpset, type IpSet, type PacketFields } from '@netdrift/ipset';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';

/** Runs shell commands in a network namespace of their own; the kernel's sets live and die with it. */
function inNamespace(script: string, input = ''): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script], { input, encoding: 'utf8', timeout: 30_000 });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Sets of each type with members; those of types that this kernel lacks are left out. */
const SETS: readonly string[] = [
  'create a hash:ip family inet timeout 600 counters comment skbinfo\nadd a 10.0.0.1 comment "a \\ b" packets 3 bytes 400 skbmark 0x1111/0xff00ffff skbprio 1:10 skbqueue 10\nadd a 10.0.0.2 timeout 0',
  'create b hash:ip family inet6\nadd b ::ffff:1.2.3.4\nadd b 2001:db8::1',
  'create c hash:ip family inet netmask 24 hashsize 64 maxelem 10\nadd c 10.0.1.77',
  'create d hash:mac\nadd d 01:02:03:0a:0b:0c',
  'create e hash:ip,mac\nadd e 10.1.1.1,01:02:03:0a:0b:0c',
  'create f hash:net comment\nadd f 10.0.0.0/8\nadd f 10.1.0.0/16 nomatch comment "out"\nadd f 10.1.2.3\nadd f 128.0.0.0/1',
  'create g hash:net family inet6\nadd g 2001:db8::/32\nadd g 2001:db8:1::/48 nomatch',
  'create h hash:net,net\nadd h 10.0.0.0/8,192.168.0.0/16\nadd h 10.1.0.0/16,192.168.1.0/24 nomatch',
  'create i hash:ip,port\nadd i 10.0.0.1,tcp:80\nadd i 10.0.0.1,icmp:ping\nadd i 10.0.0.1,icmp:200/4\nadd i 10.0.0.1,47:0\nadd i 10.0.0.1,sctp:99',
  'create j hash:ip,port family inet6\nadd j fd00::1,icmpv6:ping\nadd j fd00::1,icmpv6:200/3',
  'create k hash:net,port\nadd k 10.0.0.0/8,tcp:80\nadd k 10.1.0.0/16,tcp:80 nomatch',
  'create l hash:ip,port,ip\nadd l 10.0.0.1,tcp:80,10.0.0.2',
  'create m hash:ip,port,net\nadd m 10.0.0.1,tcp:80,10.0.0.0/8\nadd m 10.0.0.1,tcp:80,10.1.0.0/16 nomatch',
  'create n hash:ip,mark markmask 0xff00\nadd n 10.0.0.1,0x1234',
  'create o hash:net,port,net\nadd o 10.0.0.0/8,tcp:80,192.168.0.0/16',
  'create p hash:net,iface\nadd p 10.0.0.0/8,eth0\nadd p 10.0.0.0/8,physdev:br0\nadd p 0.0.0.0/0,lo nomatch',
  'create q bitmap:ip range 10.0.0.0/16 netmask 24 counters\nadd q 10.0.7.7',
  'create r bitmap:ip,mac range 10.0.0.0/24\nadd r 10.0.0.9,01:02:03:04:05:06\nadd r 10.0.0.10',
  'create s bitmap:port range 0-65535 comment\nadd s 80-82 comment "web"',
  'create t list:set size 16\nadd t a\nadd t s',
];

/** What a set needs to be there before it: a list:set can only name sets that exist. */
const neededBy = (text: string): string => (text.startsWith('create t ') ? 'create a hash:ip\ncreate s bitmap:port range 0-9\n' : '');

const supported = SETS.filter((text) => inNamespace('ipset restore', `${neededBy(text)}${text}\n`).status === 0);

const probe = inNamespace('ipset create a hash:ip');
const reason = probe.status === 0 ? undefined : `ipset cannot be run here: ${probe.stderr.trim() || 'no root, no unshare or no ipset'}`;

function setsOf(text: string): readonly IpSet[] {
  const { value, diagnostics } = parseIpset(text);
  expect(diagnostics).toEqual([]);
  if (value.kind === 'ToolError') throw new Error(value.wording);
  return value.sets;
}

/** A set without what differs from one making to the next: order of members, memory, seconds left. */
function lasting(set: IpSet): unknown {
  const list = (set.members ?? []).map((member) =>
    JSON.stringify(member, (key, part: unknown) => (key === 'span' || key === 'timeout' ? undefined : part)),
  );
  return { ...set, memory: undefined, span: undefined, members: list.sort() };
}

const MARKER = '=====\n';

describe.skipIf(reason !== undefined)('real ipset', () => {
  it('restores what was parsed and printed of a save, to the same sets', () => {
    const first = inNamespace(`ipset restore && ipset save && printf '${MARKER.trim()}\\n' && ipset list`, `${supported.join('\n')}\n`);
    expect(first.stderr).toBe('');
    const [saved = '', listed = ''] = first.stdout.split(MARKER);
    const { value } = parseIpset(saved);
    const printed = printIpset(value);
    expect(printed).toBe(saved);
    expect(printIpset(parseIpset(listed).value)).toBe(listed);
    const second = inNamespace('ipset restore && ipset list', printed);
    expect(second.stderr).toBe('');
    expect(setsOf(second.stdout).map(lasting)).toEqual(setsOf(listed).map(lasting));
    console.log(`real ipset: ${supported.length} of ${SETS.length} sets made by this kernel, restored equal`);
  });

  it('restores what was parsed of a listing, printed as a save', () => {
    const listed = inNamespace('ipset restore && ipset list', `${supported.join('\n')}\n`).stdout;
    const { value } = parseIpset(listed);
    if (value.kind !== 'IpsetList') throw new Error(value.kind);
    const printed = printIpset({ kind: 'IpsetSave', layout: { form: 'save' }, sets: value.sets, span: value.span });
    const again = inNamespace('ipset restore && ipset list', printed);
    expect(again.stderr).toBe('');
    expect(setsOf(again.stdout).map(lasting)).toEqual(setsOf(listed).map(lasting));
  });

  const ip = (destination: string): Partial<PacketFields> => ({ destination });
  const tcp = (destination: string, destinationPort: number): Partial<PacketFields> => ({ destination, protocol: 'tcp', destinationPort });
  const asked: readonly (readonly [set: string, element: string, fields: Partial<PacketFields>])[] = [
    ...['10.0.0.1', '10.0.0.2', '10.0.0.3', '0.0.0.0'].map((address) => ['a', address, ip(address)] as const),
    ...['10.0.1.1', '10.0.1.255', '10.0.2.0'].map((address) => ['c', address, ip(address)] as const),
    ...['10.1.2.3', '10.1.2.4', '10.2.0.0', '9.255.255.255', '127.255.255.255', '128.0.0.0'].map(
      (address) => ['f', address, ip(address)] as const,
    ),
    ...['2001:db8::1', '2001:db8:1::1', '2001:db7::'].map((address) => ['g', address, ip(address)] as const),
    ...[79, 80, 99].map((port) => ['i', `10.0.0.1,tcp:${port}`, tcp('10.0.0.1', port)] as const),
    ['i', '10.0.0.1,gre:0', { destination: '10.0.0.1', protocol: 'gre' }],
    ['i', '10.0.0.1,icmp:ping', { destination: '10.0.0.1', protocol: 'icmp', icmpType: 8, icmpCode: 0 }],
    ['i', '10.0.0.1,icmp:8/1', { destination: '10.0.0.1', protocol: 'icmp', icmpType: 8, icmpCode: 1 }],
    ...['10.1.0.1', '10.2.0.1', '11.0.0.1'].map((address) => ['k', `${address},tcp:80`, tcp(address, 80)] as const),
    ...['10.1.0.1', '10.2.0.1', '11.0.0.1'].map(
      (address) => ['m', `10.0.0.1,tcp:80,${address}`, { ...tcp('10.0.0.1', 80), source: address }] as const,
    ),
    ...['10.1.0.1', '10.2.0.1'].flatMap((one) =>
      ['192.168.1.1', '192.168.2.1', '1.1.1.1'].map((other) => ['h', `${one},${other}`, { destination: one, source: other }] as const),
    ),
    ...['eth0', 'eth1', 'lo'].map(
      (name) => ['p', `10.0.0.1,${name}`, { source: '10.0.0.1', inInterface: name, physicalIn: null }] as const,
    ),
    ...['10.0.7.0', '10.0.7.255', '10.0.8.0'].map((address) => ['q', address, ip(address)] as const),
    ...[79, 80, 82, 83].map((port) => ['s', String(port), tcp('1.1.1.1', port)] as const),
  ];
  const directions: Readonly<Record<string, PacketFields['directions']>> = { p: ['src', 'src'], h: ['dst', 'src'] };

  it('finds the same elements in a set as containsPacket', () => {
    const made = asked.filter(([name]) => supported.some((text) => text.startsWith(`create ${name} `)));
    const script = made.map(([name, element]) => `ipset -q test ${name} '${element}' && echo yes || echo no`).join('\n');
    const { stdout } = inNamespace(
      `ipset restore || exit 1\nipset save\nprintf '${MARKER.trim()}\\n'\n${script}`,
      `${supported.join('\n')}\n`,
    );
    const [saved = '', answers = ''] = stdout.split(MARKER);
    const sets = setsOf(saved);
    const ours = made.map(([name, element, fields]) => {
      const set = sets.find((entry) => entry.name === name);
      const found =
        set === undefined ? 'no set' : containsPacket(set, { directions: directions[name] ?? ['dst', 'dst', 'src'], ...fields });
      return `${name} ${element} ${found}`;
    });
    expect(ours).toEqual(made.map(([name, element], index) => `${name} ${element} ${answers.split('\n')[index]}`));
    console.log(`real ipset: ${made.length} of ${asked.length} questions answered alike`);
  });
});

describe.runIf(reason !== undefined)('real ipset', () => {
  it('is skipped: see the reason', (context) => {
    context.skip(reason);
  });
});
