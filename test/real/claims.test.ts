import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Change, Outcome, WitnessPacket } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { diffPaths } from '../drift/support.ts';

// Claims of the fixtures, replayed: each snapshot is restored in a network namespace of the machine's kernel, and the packets that a report
// gives as proof are sent there (scripts/referee/engine.py).

const repository = fileURLToPath(new URL('../../', import.meta.url));
const engine = join(repository, 'scripts/referee/engine.py');

/** Why nothing can be replayed here, if so. */
function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  if (!existsSync('/dev/net/tun')) return 'no /dev/net/tun';
  const works = ['python3 --version', 'ip -V', 'ipset --version', 'nft --version', 'unshare -n iptables-restore --test </dev/null'];
  const failing = works.find((command) => spawnSync('sh', ['-c', command]).status !== 0);
  return failing === undefined ? undefined : `${failing} does not work here`;
}

const SIDES = ['before', 'after'] as const;
type Side = (typeof SIDES)[number];

/** Addresses that the engine gives each device before the node's: a redirected packet goes to that of the device it came in by. */
const MARKERS = '100.127.77.';

/** Pairs of which the kernel of this machine can be asked: no virtual services, which take a module that few kernels load. */
const PAIRS = ['referee', 'meaning'].flatMap((folder) =>
  readdirSync(join(repository, 'fixtures', folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `fixtures/${folder}/${name}`)
    .filter((pair) => SIDES.every((side) => isReplayable(readNames(`${pair}/${side}`)))),
);

function readNames(path: string): string[] {
  return existsSync(join(repository, path)) ? readdirSync(join(repository, path)) : [];
}

function isReplayable(names: readonly string[]): boolean {
  return names.includes('iptables-save.txt') && !names.some((name) => /ipvs|proxy-mode|nft/.test(name));
}

/** The node in which every capture is restored; who sends from where is told by its devices. */
const NODE = {
  address: '192.168.10.11',
  devices: { eth0: ['192.168.10.11'], eth1: ['192.168.11.11'], cni0: ['10.244.0.1'], docker0: ['172.17.0.1'] },
  pods: '10.244.0.0/24',
} as const;

interface Claim {
  readonly id: string;
  readonly side: Side;
  readonly pair: string;
  readonly packet: WitnessPacket;
  /** Conditions that do not hold of it: `-i eth0`. */
  readonly without: readonly string[];
  readonly outcome: Outcome;
}

/** What a report is sure of: nothing had to be supposed to hold. */
function claimsOf(pair: string): Claim[] {
  const { changes } = diffPaths(`${pair}/before`, `${pair}/after`);
  return changes.flatMap(({ key, witness }: Change) =>
    witness === undefined || witness.suppositions?.some(({ holds }) => holds) === true || witness.packet.from === 'endpoint'
      ? []
      : SIDES.map((side) => ({
          id: `${pair} ${key} ${side}`,
          side,
          pair,
          packet: witness.packet,
          without: (witness.suppositions ?? []).map(({ condition }) => condition),
          outcome: witness[side],
        })),
  );
}

interface Event {
  readonly kind: 'packet' | 'icmp' | 'rst' | 'send-error';
  readonly dst: string;
  readonly dport?: number;
  readonly masqueraded: boolean;
}

/** What the kernel did with each packet, by the name of its claim, and what could not be restored. */
function replayed(claims: readonly Claim[]): {
  readonly seen: Readonly<Record<string, { events: Event[] }>>;
  readonly errors: readonly string[];
} {
  const work = mkdtempSync(join(tmpdir(), 'netdrift-claims-'));
  try {
    const sides = Object.fromEntries(
      [...new Set(claims.map(({ pair, side }) => `${pair}/${side}`))].map((path) => [
        path,
        {
          iptables: join(repository, path, 'iptables-save.txt'),
          ...(readNames(path).includes('ipset-save.txt') ? { ipset: join(repository, path, 'ipset-save.txt') } : {}),
          node: {
            devices: NODE.devices,
            routes: [
              ['default', 'eth0'],
              [NODE.pods, 'cni0'],
            ],
          },
        },
      ]),
    );
    const addressed = (text: string): string => (text === 'this node' ? NODE.address : text);
    const probes = claims.map(({ id, pair, side, packet, without }) => ({
      id,
      side: `${pair}/${side}`,
      hook: packet.hook,
      proto: packet.protocol,
      src: addressed(packet.source),
      sport: packet.sourcePort,
      dst: addressed(packet.destination),
      dport: packet.destinationPort,
      in: packet.interface ?? [packet.from === 'pod' ? 'cni0' : 'eth0', 'eth1'].find((name) => !without.includes(`-i ${name}`)),
    }));
    writeFileSync(join(work, 'job.json'), JSON.stringify({ sides, probes }));
    const { stderr, status } = spawnSync('python3', ['-B', engine, join(work, 'job.json'), join(work, 'result.json')], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    const result = JSON.parse(readFileSync(join(work, 'result.json'), 'utf8')) as {
      readonly seen: Record<string, { events: Event[] }>;
      readonly sides: Record<string, { readonly errors: readonly string[] }>;
    };
    return {
      seen: result.seen,
      errors: Object.entries(result.sides).flatMap(([name, { errors }]) => errors.map((text) => `${name}: ${text}`)),
    };
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** What became of a packet, in the words of the report. */
function verdictOf({ events }: { readonly events: readonly Event[] }, { packet }: Claim): string {
  const arrived = events.find(({ kind }) => kind === 'packet');
  if (arrived === undefined) return events.some(({ kind }) => kind === 'icmp' || kind === 'rst') ? 'refused' : 'dropped';
  const asked = packet.destination === 'this node' ? NODE.address : packet.destination;
  if (arrived.dst === asked && arrived.dport === packet.destinationPort) return 'passed';
  const isOwn = arrived.dst === '127.0.0.1' || arrived.dst.startsWith(MARKERS);
  return `${isOwn ? 'this node' : arrived.dst}:${arrived.dport ?? ''}`;
}

/** The verdicts that a claim allows: of several endpoints, or of a part that is dropped, one packet meets one. */
function allowed({ outcome: { verdict, endpoints, rest = [] } }: Claim): string[] {
  return [...(endpoints.length > 0 ? endpoints.map(({ address }) => address) : [verdict]), ...rest.map((part) => part.verdict)];
}

const reason = missing();
describe.skipIf(reason !== undefined)(`claims of the fixtures on the kernel${reason === undefined ? '' : `, skipped: ${reason}`}`, () => {
  it('are what the kernel does', { timeout: 120_000 }, () => {
    const claims = PAIRS.flatMap(claimsOf);
    const { seen, errors } = replayed(claims);
    expect(errors).toEqual([]);
    const wrong = claims.flatMap((claim) => {
      const found = seen[claim.id];
      if (found === undefined) return [`${claim.id}: nothing was seen`];
      const verdict = verdictOf(found, claim);
      if (!allowed(claim).includes(verdict))
        return [`${claim.id}: ${JSON.stringify(claim.packet)} ${verdict}, not ${allowed(claim).join(' or ')}`];
      const [arrived] = found.events.filter(({ kind }) => kind === 'packet');
      const { masqueraded } = claim.outcome;
      return arrived === undefined || masqueraded === undefined || arrived.masqueraded === masqueraded
        ? []
        : [`${claim.id}: ${arrived.masqueraded ? '' : 'not '}masqueraded`];
    });
    expect(wrong).toEqual([]);
    expect(claims.length).toBeGreaterThan(40);
  });
});
