import {
  mergeIpvsadm,
  parseIpvsadm,
  parseIpvsadmStream,
  printIpvsadm,
  printIpvsadmSave,
  type Destination,
  type IpvsadmListing,
  type ListingForm,
  type VirtualService,
} from '@netdrift/ipvsadm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/ipvsadm/src/parse.ts';
import { withoutSpans } from './corpus-outputs.ts';
import { fixture } from './fixture.ts';

const span = { start: 0, end: 0 };
const octet = fc.nat(255);
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const group = fc.integer({ min: 0x1000, max: 0xffff }).map((number) => number.toString(16));
const ipv6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'));
const port = fc.nat(65_535);
const natural = fc.oneof(fc.nat(20), fc.nat(0x7fff_ffff));
const count = fc.oneof(fc.nat(1000), fc.nat(99_999_999));
const traffic = fc.record({ connections: count, inPackets: count, outPackets: count, inBytes: count, outBytes: count });
const tunnel = fc.oneof(
  fc.constant({ type: 'ipip' }),
  fc.record({ type: fc.constant('gue'), port, checksum: fc.constantFrom('nocsum', 'csum', 'remcsum') }),
  fc.record({ type: fc.constant('gre'), checksum: fc.constantFrom('nocsum', 'csum') }),
);

const facts: Readonly<Record<ListingForm, fc.Arbitrary<object>>> = {
  plain: fc.record({
    forward: fc.constantFrom('Masq', 'Route', 'Local'),
    weight: natural,
    activeConnections: natural,
    inactiveConnections: natural,
  }),
  'tun-info': fc.record({
    forward: fc.constant('Tunnel'),
    tunnel,
    weight: natural,
    activeConnections: natural,
    inactiveConnections: natural,
  }),
  thresholds: fc.record({ upperThreshold: natural, lowerThreshold: natural, activeConnections: natural, inactiveConnections: natural }),
  'persistent-conn': fc.record({
    weight: natural,
    persistentConnections: natural,
    activeConnections: natural,
    inactiveConnections: natural,
  }),
  stats: fc.record({ counters: traffic }),
  rate: fc.record({ rate: traffic }),
  proc: fc.record({ forward: fc.constantFrom('Masq', 'Route'), weight: natural, activeConnections: natural, inactiveConnections: natural }),
};

const word = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);

function settings(form: ListingForm): fc.Arbitrary<object> {
  if (form === 'stats') return fc.record({ counters: traffic });
  if (form === 'rate') return fc.record({ rate: traffic });
  if (form === 'proc') return fc.record({ scheduler: word });
  const persistence = fc.record({ timeout: natural, mask: fc.constant('255.255.255.0'), engine: word }, { requiredKeys: ['timeout'] });
  return fc.record(
    { scheduler: word, flags: fc.array(word, { maxLength: 3 }), persistence, ops: fc.constant(true) },
    { requiredKeys: ['scheduler'] },
  );
}

function listing(form: ListingForm): fc.Arbitrary<IpvsadmListing> {
  const place = fc.record({ address: fc.oneof(ipv4, ipv6), port });
  const destination = fc.tuple(place, facts[form]).map((parts) => Object.assign({ kind: 'Destination', span }, ...parts) as Destination);
  const identity = fc.oneof(
    fc.tuple(fc.constantFrom('TCP', 'UDP', 'SCTP'), place).map(([protocol, where]) => ({ protocol, ...where })),
    ...(form === 'proc' ? [] : [fc.record({ fwmark: fc.nat(0xffff_ffff), family: fc.constantFrom('ipv4', 'ipv6') })]),
  );
  const service = fc
    .tuple(identity, settings(form), fc.array(destination, { maxLength: 4 }))
    .map(([who, how, destinations]) => withMaskOfFamily({ kind: 'VirtualService', ...who, ...how, destinations, span } as VirtualService));
  return fc
    .array(service, { minLength: 1, maxLength: 5 })
    .map((services) => ({ kind: 'IpvsadmListing', layout: { form }, version: '1.2.1', size: 4096, services, span }));
}

/** An IPv6 service has a prefix length where an IPv4 service has a mask. */
function withMaskOfFamily(service: VirtualService): VirtualService {
  const { mask, ...others } = service.persistence ?? {};
  const isIpv6 = service.family === 'ipv6' || service.address?.includes(':') === true;
  return mask === undefined || !isIpv6 ? service : { ...service, persistence: { ...others, prefixLength: 64 } };
}

const forms = ['plain', 'tun-info', 'thresholds', 'persistent-conn', 'stats', 'rate', 'proc'] as const;
const pieces = fc.constantFrom(
  ...[
    'TCP',
    'UDP',
    'FWM',
    '->',
    '-A',
    '-a',
    '-t',
    '-r',
    '-f',
    '-b',
    '-p',
    '--weight=',
    '10.0.0.1:80',
    '[::1]:80',
    'rr',
    '(a,b)',
    'persistent',
    'mask',
    'pe',
    'ops',
    'IPv6',
    'Masq',
  ],
  ...[
    '1',
    '0',
    '-1',
    '18446744T',
    '1000T18446744T',
    '0A000001:0050',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\t',
    'Prot LocalAddress:Port Scheduler Flags',
    'IP Virtual Server version 1.2.1 (size=1)',
  ],
  ...[
    '-u',
    '-s',
    '-M',
    '255.255.255.0',
    '64',
    '--pe',
    '-o',
    '-m',
    '-g',
    '-i',
    '-w',
    '-x',
    '-y',
    '--tun-type',
    'gue',
    '--tun-port',
    '--tun-csum',
    '-6',
    '(null)',
    '--netmask=x',
    '-Z',
    '#',
  ],
  ...[
    'Timeout (tcp tcpfin udp):',
    '900',
    'master sync daemon',
    'backup sync daemon',
    '(mcast=eth0,',
    'syncid=1)',
    'syncid=x,',
    'group=y)',
    'IP',
    'FIN_WAIT',
    'sip',
    'data',
  ],
  ...[
    'Total Incoming Outgoing Incoming Outgoing',
    'Conns Packets Packets Bytes Bytes',
    'Conns/s Pkts/s Pkts/s Bytes/s Bytes/s',
    'FF',
    '00',
    "Can't initialize ipvs: x",
  ],
  ...[
    'Pro FromIP FPrt ToIP TPrt DestIP DPrt State Expires PEName PEData',
    '0A000001',
    '0050',
    'CPS InPPS OutPPS InBPS OutBPS',
    'Prot LocalAddress:Port',
    'web:http',
    '(size=1)',
    'FullNat',
    'mh',
    '(flag-1)',
  ],
  ...[
    '  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
    'IPVS connection entries',
    'pro expire state source virtual destination',
    'ESTABLISHED',
    '01:00',
    '\u0000',
    '\udc80',
    'é',
    '__proto__',
  ],
);
const outputs = [
  ...['ln', 'tun-info', 'thresholds', 'persistent-conn', 'stats', 'rate', 'proc-ip_vs', 'save-n', 'timeout', 'proc-ip_vs_stats'].map(
    (form) => `seed/${form}`,
  ),
  ...[
    'sched-flags/save-n',
    'fwmark/ln',
    'fwmark/proc-ip_vs',
    'names/names',
    'tunnels/save-n',
    'persistent/ln',
    'counters-synthetic/x-stats',
    'daemon-timeouts/daemon',
  ],
  ...[
    'traffic-persistent/connections-persistent',
    'traffic-fwmark-mixed/proc-ip_vs_conn',
    'traffic-fwmark-mixed/connections',
    'module-missing/ln-stderr',
  ],
].map((name) => fixture(`ipvsadm-1.31/${name}.txt`));

/** Real output with some places damaged. */
const damaged = fc
  .tuple(
    fc.constantFrom(...outputs),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.oneof(pieces, fc.constant(''))), { maxLength: 4 }),
  )
  .map(([text, edits]) =>
    edits.reduce((damage, [place, length, piece]) => {
      const at = Math.floor(place * damage.length);
      return damage.slice(0, at) + piece + damage.slice(at + length);
    }, text),
  );
const soup = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' '));

describe('whatever the tree', () => {
  it.each(forms)('a listing of the form %s reads back from its print', (form) => {
    fc.assert(
      fc.property(listing(form), (tree) => {
        const { value } = parseIpvsadm(printIpvsadm(tree));
        expect(withoutSpans(value)).toEqual(withoutSpans(tree));
      }),
      { numRuns: 60 },
    );
  });
});

describe('whatever the text', () => {
  it('nothing is thrown, and printing is stable: what is printed reads back as the same tree', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, soup, fc.string({ unit: 'binary' })), (text) => {
        const { value } = parseIpvsadm(text);
        const printed = printIpvsadm(value);
        if (printed === '') return;
        expect(withoutSpans(parseIpvsadm(printed).value)).toEqual(withoutSpans(value));
      }),
      { numRuns: 400 },
    );
  });

  it('its restore text is a rule file without errors, and merging it with itself contradicts nothing', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, soup), (text) => {
        const { value, diagnostics } = parseIpvsadm(text);
        const restored = parseIpvsadm(printIpvsadmSave(value), { output: 'save' });
        expect(restored.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        if (diagnostics.some(({ code }) => code.startsWith('ipvsadm/duplicate'))) return;
        expect(mergeIpvsadm([value, value]).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('known shapes give what the grammar gives', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, soup), (text) => {
        expect(parseIpvsadm(text)).toEqual(parseByGrammar(text));
      }),
      { numRuns: 200 },
    );
  });

  it('a stream gives the nodes of the whole, in whatever pieces it comes', async () => {
    const text = fixture('ipvsadm-1.31/one-table/ln.txt');
    const whole = parseIpvsadm(text).value;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 20 }), async (cuts) => {
        async function* input(): AsyncGenerator<string> {
          let from = 0;
          for (const to of [...cuts.sort((one, other) => one - other), text.length]) {
            yield await Promise.resolve(text.slice(from, to));
            from = to;
          }
        }
        const services: unknown[] = [];
        for await (const item of parseIpvsadmStream(input())) if (item.type === 'service') services.push(item.service);
        expect(services).toEqual(whole.kind === 'IpvsadmListing' ? whole.services : []);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a stream', () => {
  it('of a rule file says so where a destination comes too late for its service', async () => {
    async function* input(): AsyncGenerator<string> {
      for (let port = 1; port <= 1002; port += 1) yield await Promise.resolve(`-A -t 10.0.0.1:${port} -s rr\n`);
      yield '-a -t 10.0.0.1:1 -r 10.0.0.2:1 -m\n';
    }
    const told: string[] = [];
    for await (const item of parseIpvsadmStream(input()))
      if (item.type === 'diagnostic') told.push(`${item.diagnostic.code}: ${item.diagnostic.message}`);
    expect(told).toEqual(['ipvsadm/service-not-added: none of the latest 1000 services is -t 10.0.0.1:1']);
  });

  it('gives a service as soon as the next one begins, and holds none back', async () => {
    const head = fixture('ipvsadm-1.31/empty/ln.txt');
    const given: number[] = [];
    let fed = 0;
    async function* input(): AsyncGenerator<string> {
      yield await Promise.resolve(head);
      for (; fed < 50; fed += 1) yield `TCP  10.0.0.${fed}:80 rr\n`;
    }
    for await (const item of parseIpvsadmStream(input())) if (item.type === 'service') given.push(fed);
    expect(given).toEqual(Array.from({ length: 50 }, (_, index) => Math.min(index + 1, 50)));
  });
});
