import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { locateInIpvsadm, parseIpvsadm, type IpvsadmNode, type IpvsadmValue } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { fixture } from './fixture.ts';

const folder = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.startsWith('ipvsadm-') && path.endsWith('.txt'))
  .map((path) => path.replaceAll('\\', '/'))
  .sort();

function nodesOf(value: IpvsadmValue): readonly IpvsadmNode[] {
  switch (value.kind) {
    case 'IpvsadmListing':
    case 'IpvsadmSave':
      return value.services.flatMap((service) => [service, ...service.destinations]);
    case 'IpvsadmConnections':
      return value.connections;
    case 'IpvsadmDaemons':
      return value.daemons;
    default:
      return [];
  }
}

/** The paths of all values in a node that are no objects. */
function leaves(part: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof part !== 'object' || part === null) return [path];
  const keys = Array.isArray(part) ? part.map((_, index) => index) : Object.keys(part);
  return keys
    .filter((key) => !['span', 'kind', 'destinations'].includes(String(key)))
    .flatMap((key) => leaves(Reflect.get(part, key), [...path, key]));
}

const texts = (source: string, node: IpvsadmNode): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    leaves(node).map((path) => {
      const span = locateInIpvsadm(source, node, path);
      return [path.join('.'), span === undefined ? undefined : source.slice(span.start, span.end)];
    }),
  );

function located(source: string): readonly Readonly<Record<string, string | undefined>>[] {
  return nodesOf(parseIpvsadm(source).value).map((node) => texts(source, node));
}

const banner = 'IP Virtual Server version 1.2.1 (size=4096)\n';
const plain = `${banner}Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n`;

describe('a part of a node', () => {
  it('of a listing stands where its words are', () => {
    const source = `${plain}TCP  10.0.0.1:443 sh (sh-port) persistent 60 mask 255.255.255.0 pe sip ops\n  -> 10.1.0.2:60                  Masq    60     60         0         \n`;
    expect(located(source)).toEqual([
      {
        protocol: 'TCP',
        address: '10.0.0.1:443',
        port: '10.0.0.1:443',
        scheduler: 'sh',
        'flags.0': '(sh-port)',
        'persistence.timeout': '60',
        'persistence.mask': '255.255.255.0',
        'persistence.engine': 'sip',
        ops: 'ops',
      },
      { address: '10.1.0.2:60', port: '10.1.0.2:60', forward: 'Masq', weight: '60', activeConnections: '60', inactiveConnections: '0' },
    ]);
    const [, destination] = nodesOf(parseIpvsadm(source).value);
    const at = source.indexOf('60     60');
    expect(destination && locateInIpvsadm(source, destination, ['weight'])).toEqual({ start: at, end: at + 2 });
    expect(destination && locateInIpvsadm(source, destination, ['activeConnections'])).toEqual({ start: at + 7, end: at + 9 });
  });

  it('of a save stands where its options are', () => {
    const source = '-A -o -t 10.0.0.1:80 -s rr -p\n-a --tcp-service=10.0.0.1:80 -m -r 10.1.0.1:80 -w5\n';
    expect(located(source)).toEqual([
      { protocol: '-t 10.0.0.1:80', address: '10.0.0.1:80', port: '10.0.0.1:80', scheduler: 'rr', ops: '-o' },
      { address: '10.1.0.1:80', port: '10.1.0.1:80', forward: '-m', weight: '5' },
    ]);
  });

  it('that no word says stands nowhere', () => {
    expect(located(`${plain}FWM  5 rr\nFWM  -1 IPv6 rr\n`)).toEqual([
      { fwmark: '5', family: undefined, scheduler: 'rr' },
      { fwmark: '-1', family: 'IPv6', scheduler: 'rr' },
    ]);
  });

  it('of figures that touch stands in its own nine places', () => {
    const source = `${banner}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  10.0.0.1:80                         0        1        218446744T18446744T\n`;
    const [service] = nodesOf(parseIpvsadm(source).value);
    expect(service && texts(source, service)).toMatchObject({ 'counters.outPackets': '2', 'counters.inBytes.text': '18446744T' });
    expect(service && locateInIpvsadm(source, service, ['counters', 'outBytes'])).toEqual({
      start: source.length - 10,
      end: source.length - 1,
    });
  });

  it('is not looked for in another text', () => {
    const [service] = nodesOf(parseIpvsadm('-A -t 10.0.0.1:80 -s rr\n').value);
    expect(service && locateInIpvsadm('-A -t 10.0.0.2:80 -s rr\n', service, ['scheduler'])).toBeUndefined();
    expect(service && locateInIpvsadm('', service, ['scheduler'])).toBeUndefined();
  });
});

describe('each part of each node of the fixtures', () => {
  it('stands in the line of its node, a scheduler in the word that is its name', () => {
    const wrong: string[] = [];
    let parts = 0;
    for (const path of paths) {
      const source = fixture(path);
      // A few services of a large table are as good as all.
      for (const node of nodesOf(parseIpvsadm(source).value).slice(0, 3)) {
        for (const leaf of leaves(node)) {
          parts += 1;
          const span = locateInIpvsadm(source, node, leaf);
          const value = leaf.reduce<unknown>((part, key) => Reflect.get(Object(part), key), node);
          const text = span === undefined ? '' : source.slice(span.start, span.end);
          const inside = span !== undefined && span.start >= node.span.start && span.end <= node.span.end && text !== '';
          if (!inside && leaf[0] !== 'family') wrong.push(`${path} ${leaf.join('.')}: ${String(value)} nowhere`);
          if (inside && leaf.at(-1) === 'scheduler' && text !== value) wrong.push(`${path} ${leaf.join('.')}: ${String(value)} in ${text}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(parts).toBeGreaterThan(1000);
  }, 30_000);
});
