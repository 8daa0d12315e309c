import { parseIpvsadm, printIpvsadm, type IpvsadmListing, type IpvsadmValue, type VirtualService } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { withoutSpans } from './corpus-outputs.ts';
import { fixture } from './fixture.ts';

const banner = 'IP Virtual Server version 1.2.1 (size=4096)\n';
const plain = `${banner}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n`;
const stats = `${banner}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\n`;

function read(text: string): {
  readonly services: readonly VirtualService[];
  readonly told: readonly string[];
  readonly value: IpvsadmValue;
} {
  const { value, diagnostics } = parseIpvsadm(text);
  const services = value.kind === 'IpvsadmListing' || value.kind === 'IpvsadmSave' ? withoutSpans(value.services) : [];
  return { value, services, told: diagnostics.map(({ code }) => code) };
}

function service(line: string): VirtualService | undefined {
  return read(`${plain}${line}\n`).services[0];
}

describe('a service line', () => {
  it('gives the mark unsigned that is printed as signed', () => {
    expect(service('FWM  -1 rr')).toEqual({
      kind: 'VirtualService',
      fwmark: 4294967295,
      family: 'ipv4',
      scheduler: 'rr',
      destinations: [],
    });
    expect(service('FWM  -2147483648 IPv6 rr')).toMatchObject({ fwmark: 2147483648, family: 'ipv6' });
  });

  it('tells an IPv6 mark from a scheduler', () => {
    expect(service('FWM  5 IPv6 wlc')).toMatchObject({ fwmark: 5, family: 'ipv6', scheduler: 'wlc' });
    expect(read(`${plain}FWM  5 IPv6\n`).told).toEqual(['ipvsadm/bad-line']);
  });

  it('keeps flags without a name apart from no flags', () => {
    expect(service('TCP  10.2.0.10:80 sh ()')?.flags).toEqual([]);
    expect(service('TCP  10.2.0.10:80 sh (sh-fallback,sh-port)')?.flags).toEqual(['sh-fallback', 'sh-port']);
    expect(service('TCP  10.2.0.10:80 sh')).not.toHaveProperty('flags');
  });

  it('gives a mask for IPv4, a prefix length for IPv6, and neither where each client stands alone', () => {
    expect(service('TCP  10.0.0.1:80 rr persistent 60 mask 255.255.255.0 pe sip ops')).toMatchObject({
      persistence: { timeout: 60, mask: '255.255.255.0', engine: 'sip' },
      ops: true,
    });
    expect(service('TCP  [2001:db8::1]:80 rr persistent 60 mask 64')?.persistence).toEqual({ timeout: 60, prefixLength: 64 });
    expect(service('TCP  10.0.0.1:80 rr persistent 60')?.persistence).toEqual({ timeout: 60 });
  });

  it('may have a scheduler of any name, keywords too', () => {
    expect(service('TCP  10.0.0.1:80 persistent')).toMatchObject({ scheduler: 'persistent' });
    expect(service('TCP  10.0.0.1:80 ops ops')).toMatchObject({ scheduler: 'ops', ops: true });
  });

  it('keeps words of patched tools, with a warning', () => {
    const { services, told } = read(`${plain}TCP  10.0.0.1:80 rr synproxy quic\n`);
    expect([services[0]?.otherWords, told]).toEqual([['synproxy', 'quic'], ['ipvsadm/unknown-words']]);
  });

  it('of dpvs is known by its condition', () => {
    const text = `${plain}MATCH icmp,from=172.16.0.0-172.16.255.254:0-0,oif=dpdk1 rr\n  -> 192.168.10.2:0               SNAT    100    0          0         \n`;
    const { value, services, told } = read(text);
    expect(services[0]).toMatchObject({
      match: 'icmp,from=172.16.0.0-172.16.255.254:0-0,oif=dpdk1',
      destinations: [{ forward: 'SNAT', weight: 100 }],
    });
    expect(told).toEqual(['ipvsadm/unknown-method']);
    expect(printIpvsadm(value)).toBe(text);
  });

  it('of dpvs has destinations that are out although they are listed', () => {
    const row = (last: number) => `  -> 10.1.1.${last}:80                  SNAT   `;
    const text = `${plain}TCP  [2001::2]:80 wrr\n${row(1)} 0      0          0          inhibited\n${row(2)} 100    7          0          inhibited,overload\n${row(3)} 1      0          0          drained\n`;
    const { services, told } = read(text);
    expect(services[0]?.destinations.map(({ weight, states }) => ({ weight, states }))).toEqual([
      { weight: 0, states: ['inhibited'] },
      { weight: 100, states: ['inhibited', 'overload'] },
    ]);
    expect(told).toEqual(['ipvsadm/unknown-method', 'ipvsadm/unknown-method', 'ipvsadm/bad-line']);
    expect(printIpvsadm(read(text.replace(/^.*drained\n/m, '')).value)).toBe(text.replace(/^.*drained\n/m, ''));
  });

  it('with an address that the tool could not print is no identity', () => {
    expect(read(`${plain}TCP  [(null)]:5001 rr\n`)).toMatchObject({
      services: [{ name: '(null)', family: 'ipv6', port: 5001 }],
      told: ['ipvsadm/null-address'],
    });
  });
});

describe('a listing in names', () => {
  it('never gives a name as an address', () => {
    const { services } = read(fixture('ipvsadm-1.31/names/names.txt'));
    expect(services.map(({ protocol, address, name, port, portName }) => ({ protocol, address, name, port, portName }))).toEqual([
      { protocol: 'TCP', name: 'web-vip.example.com', portName: 'http' },
      { protocol: 'UDP', name: 'localhost', portName: 'domain' },
      { protocol: 'SCTP', name: 'web-vip.example.com', port: 3868 },
      { protocol: 'TCP', name: 'web6.example.com', portName: 'https' },
    ]);
    expect(services[0]?.destinations[1]).toEqual({
      kind: 'Destination',
      name: 'backend-with-a-rather-long-n',
      cut: true,
      forward: 'Masq',
      weight: 1,
      activeConnections: 0,
      inactiveConnections: 0,
    });
  });

  it('marks what is as long as the limit as cut, with or without a rest of the port', () => {
    const cut = ['ip-10-96-0-1.ec2.internal:ht', 'ip-192-168-0-6.ec2.internal:', 'ip-10-102-22-172.ec2.interna'];
    const { value, services } = read(`${plain}${cut.map((name) => `TCP  ${name} rr\n`).join('')}`);
    expect(services.map(({ name, portName, cut: isCut }) => [name, portName, isCut])).toEqual([
      ['ip-10-96-0-1.ec2.internal', 'ht', true],
      ['ip-192-168-0-6.ec2.internal', '', true],
      ['ip-10-102-22-172.ec2.interna', undefined, true],
    ]);
    expect(printIpvsadm(value)).toBe(`${plain}${cut.map((name) => `TCP  ${name} rr\n`).join('')}`);
  });

  it('takes a destination without a port for what it is', () => {
    const { services } = read(`${plain}TCP  192.168.100.1:http lc\n  -> 192.168.2.2            Masq    0      0          0         \n`);
    expect(services[0]?.destinations[0]).toMatchObject({ address: '192.168.2.2', weight: 0 });
    expect(services[0]?.destinations[0]).not.toHaveProperty('port');
  });
});

describe('figures of --stats and --rate', () => {
  const counters = (figures: string): unknown => read(`${stats}TCP  10.0.0.1:80                 ${figures}\n`).services[0]?.counters;
  const huge = { text: '18446744T', low: 18_446_744e12, high: 2 ** 64 };

  it('that touch are cut from the right', () => {
    const small = { connections: 0, inPackets: 1, outPackets: 2 };
    expect(counters('        0        1        218446744T18446744T')).toEqual({ ...small, inBytes: huge, outBytes: huge });
    expect(counters('        0        1        2        018446744T')).toEqual({ ...small, inBytes: 0, outBytes: huge });
    expect(counters('18446744T18446744T18446744T18446744T18446744T')).toEqual({
      connections: huge,
      inPackets: huge,
      outPackets: huge,
      inBytes: huge,
      outBytes: huge,
    });
  });

  it('that touch the address are cut from it', () => {
    const line = '  -> [2001:db8:1234:5678:9abc:def0:1234:5678]:6553518446744T        1        2        3        4\n';
    const text = `${stats}TCP  10.0.0.1:80                         0        0        0        0        0\n${line}`;
    const { value, services } = read(text);
    expect(services[0]?.destinations[0]).toMatchObject({
      address: '2001:db8:1234:5678:9abc:def0:1234:5678',
      port: 65535,
      counters: { connections: huge },
    });
    expect(printIpvsadm(value)).toBe(text);
  });

  it('that were shortened stand for an interval', () => {
    expect(counters('  100000K  999999K    1000M   99999G     100T')).toEqual({
      connections: { text: '100000K', low: 100000000, high: 100000999 },
      inPackets: { text: '999999K', low: 999999000, high: 999999999 },
      outPackets: { text: '1000M', low: 1000000000, high: 1000999999 },
      inBytes: { text: '99999G', low: 99999000000000, high: 99999999999999 },
      outBytes: { text: '100T', low: 100000000000000, high: 100999999999999 },
    });
  });

  it('that ipvsadm never prints stand for all that a person may have rounded to them', () => {
    expect(counters('     14M      0M        0        0        0')).toEqual(undefined);
    expect(counters('     14M       3        0        0        0')).toMatchObject({
      connections: { text: '14M', low: 13_500_000, high: 14_999_999 },
      inPackets: 3,
    });
  });

  it('in full that are larger than a number holds are kept as text', () => {
    const text = fixture('ipvsadm-1.31/counters-synthetic/x-rate-exact.txt');
    const { value, services } = read(text);
    expect(services[0]?.rate?.inPackets).toEqual({ text: '18446744073709551615', low: 2 ** 64 - 2048, high: 2 ** 64 });
    expect(value).toMatchObject({ layout: { form: 'rate', exact: true } });
  });
});

describe('a tree with one field changed', () => {
  const change = (form: string, edit: (listing: IpvsadmListing) => unknown): string => {
    const { value } = parseIpvsadm(fixture(`ipvsadm-1.31/seed/${form}.txt`));
    const copy: IpvsadmListing = JSON.parse(JSON.stringify(value)) as IpvsadmListing;
    edit(copy);
    return printIpvsadm(copy);
  };
  // Edits reach into a copy that is this test's own.
  const edit = (part: unknown, key: string, to: unknown): void => {
    (part as Record<string, unknown>)[key] = to;
  };

  it('prints what the tool prints for it', () => {
    expect(change('ln', ({ services }) => edit(services[0]?.destinations[0], 'weight', 2147483647)).split('\n')[4]).toBe(
      '  -> 192.168.0.1:6443             Masq    2147483647 0          0         ',
    );
    expect(change('ln', ({ services }) => edit(services[1], 'ops', true)).split('\n')[5]).toBe('TCP  10.0.0.10:53 rr ops');
    expect(change('ln', (listing) => edit(listing, 'size', 65536)).split('\n')[0]).toBe('IP Virtual Server version 1.2.1 (size=65536)');
    expect(change('stats', ({ services }) => edit(services[0]?.counters, 'inBytes', 168000000)).split('\n')[3]).toBe(
      'TCP  10.0.0.1:443                        0        0        0  168000K        0',
    );
    expect(
      change('tun-info', ({ services }) =>
        edit(services[0]?.destinations[0], 'tunnel', { type: 'gue', port: 6080, checksum: 'csum' }),
      ).split('\n')[4],
    ).toBe('  -> 192.168.0.1:6443             Masq    gue:6080:+c   1      0          0         ');
  });
});

describe('other outputs', () => {
  it('timeouts are seconds', () => {
    expect(withoutSpans(parseIpvsadm('Timeout (tcp tcpfin udp): 900 120 300\n').value)).toEqual({
      kind: 'IpvsadmTimeouts',
      tcp: 900,
      tcpfin: 120,
      udp: 300,
    });
  });

  it('daemons have the settings that their version prints', () => {
    const { value } = parseIpvsadm(fixture('ipvsadm-1.31/daemon-timeouts/daemon.txt'));
    expect(withoutSpans(value)).toEqual({
      kind: 'IpvsadmDaemons',
      daemons: [
        { kind: 'SyncDaemon', role: 'master', interface: 'dummy0', syncId: 7, maxLength: 1472, group: '224.0.0.81', port: 8848, ttl: 1 },
        {
          kind: 'SyncDaemon',
          role: 'backup',
          interface: 'ethernet-sync0x',
          syncId: 255,
          maxLength: 1024,
          group: '224.0.0.99',
          port: 9000,
          ttl: 3,
        },
      ],
    });
  });

  it('of connections in the two places they are printed are the same connections', () => {
    const folder = 'ipvsadm-1.31/traffic-persistent/';
    const connections = (form: string): unknown[] => {
      const { value } = parseIpvsadm(fixture(`${folder}${form}.txt`));
      const all = value.kind === 'IpvsadmConnections' ? withoutSpans(value.connections) : [];
      return all.map((each) => JSON.stringify({ ...each, expires: 0 })).sort();
    };
    expect(connections('proc-ip_vs_conn')).toEqual(connections('connections-persistent'));
  });

  it('of statistics are hexadecimal', () => {
    expect(withoutSpans(parseIpvsadm(fixture('ipvsadm-1.31/counters-real/proc-ip_vs_stats.txt')).value)).toMatchObject({
      kind: 'IpvsStatistics',
      totals: { connections: 1, inPackets: 7134, outPackets: 5421, inBytes: 168143136, outBytes: 281900 },
    });
  });

  it('without a line say what they are only where asked', () => {
    expect(parseIpvsadm('').value.kind).toBe('IpvsadmEmpty');
    expect(parseIpvsadm('', { output: 'save' })).toEqual({
      value: { kind: 'IpvsadmSave', layout: { form: 'save' }, services: [], span: { start: 0, end: 0 } },
      diagnostics: [],
    });
    expect(parseIpvsadm('', { output: 'daemons' }).value).toMatchObject({ kind: 'IpvsadmDaemons', daemons: [] });
  });
});

describe('bytes', () => {
  it('that are not UTF-8 are kept, and spans count UTF-16 units', () => {
    const bytes = Uint8Array.of(...new TextEncoder().encode(`${plain}TCP  caf`), 0xe9, ...new TextEncoder().encode(':80 rr\n'));
    const { value } = parseIpvsadm(bytes);
    expect(value).toMatchObject({ services: [{ name: 'caf\udce9', port: 80, span: { start: plain.length, end: plain.length + 15 } }] });
  });
});
