/**
 * Leads a packet through rules in the most simple way: the referee of the packet engine, with which it shares no code.
 */

/** A packet with the addresses as text. */
export interface RefereePacket {
  /** As a virtual service took it, where one has. */
  readonly virtual?: RefereePacket;
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

export interface RefereeRule {
  readonly meets: (packet: RefereePacket, mark: number) => boolean;
  readonly chance: number;
  readonly target: RefereeTarget;
}

export type RefereeTarget =
  | { readonly kind: 'ACCEPT' | 'DROP' | 'REJECT' | 'RETURN' | 'MASQUERADE' | 'nothing' | 'unknown' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'DNAT'; readonly address?: string; readonly port?: number }
  | { readonly kind: 'MARK'; readonly value: number; readonly mask: number };

export interface RefereeChain {
  readonly policy?: string;
  readonly rules: readonly RefereeRule[];
}

export type RefereeTable = ReadonlyMap<string, RefereeChain>;

export interface RefereePlace {
  readonly address: string;
  readonly port: number;
  readonly share: number;
}

/** What a packet is led through; a missing table lets everything pass. */
export interface RefereeNode {
  readonly mangle?: RefereeTable;
  readonly nat?: RefereeTable;
  readonly filter?: RefereeTable;
  readonly isLocal: (address: string) => boolean;
  /** The destinations of the virtual service at a place and their shares; undefined where there is none. */
  readonly balance?: (packet: RefereePacket) => readonly RefereePlace[] | undefined;
  /** IPVS tracks no connections: nat does not see what it sends on. */
  readonly untracks?: true;
  /** The same for a mark: such a packet goes to the node itself. */
  readonly balanceMark?: (packet: RefereePacket, mark: number) => readonly RefereePlace[] | undefined;
}

/** Fates of a packet and the part of connections that meets each, as `dropped` or `to 10.244.0.1:80 masqueraded`. */
export type Fates = Map<string, number>;

interface Result {
  readonly end?: Exclude<RefereeTarget, { readonly kind: 'jump' | 'goto' | 'MARK' | 'RETURN' | 'nothing' }>;
  readonly mark: number;
  readonly share: number;
}

/** A packet at some place of its way, and the part of connections that comes there. */
interface Moving {
  readonly packet: RefereePacket;
  readonly mark: number;
  readonly share: number;
  /** Where a translation or a virtual service sent it. */
  readonly to?: string;
  readonly masqueraded?: boolean;
}

/**
 * Leads a packet through the kernel's hooks: PREROUTING, then INPUT, IPVS and, for what it sends on, OUTPUT and POSTROUTING; or FORWARD and
 * POSTROUTING; the node's own through OUTPUT, IPVS before filter, and POSTROUTING, and to itself by INPUT again.
 */
export function fatesOf(node: RefereeNode, packet: RefereePacket, hook: 'PREROUTING' | 'OUTPUT'): Fates {
  const fates: Fates = new Map();
  const count = (fate: string, share: number): void => void fates.set(fate, (fates.get(fate) ?? 0) + share);
  /** What goes on behind a chain; what ends there is counted. */
  const through = (table: RefereeTable | undefined, chain: string, moving: readonly Moving[]): Moving[] =>
    moving.flatMap((one) =>
      part(one.share, builtIn(table, chain, one.packet, one.mark)).flatMap((result): Moving[] => {
        if (result.end !== undefined && result.end.kind in FATES) {
          count(FATES[result.end.kind as keyof typeof FATES], result.share);
          return [];
        }
        const on = { ...one, mark: result.mark, share: result.share };
        if (result.end?.kind === 'MASQUERADE') return [{ ...on, masqueraded: true }];
        if (result.end?.kind !== 'DNAT') return [on];
        const sent = { ...one.packet, destination: result.end.address ?? one.packet.destination, port: result.end.port ?? one.packet.port };
        return [{ ...on, packet: sent, to: placeName(sent) }];
      }),
    );
  const mangled = (chain: string, moving: readonly Moving[]): Moving[] =>
    node.mangle?.has(chain) === true ? through(node.mangle, chain, moving) : [...moving];
  const arrive = (moving: readonly Moving[]): void => {
    for (const { to, masqueraded, share } of moving)
      count(`${to === undefined ? 'passed' : `to ${to}`}${masqueraded === true ? ' masqueraded' : ''}`, share);
  };
  const leave = (moving: readonly Moving[], tracked = true): Moving[] =>
    tracked ? through(node.nat, 'POSTROUTING', mangled('POSTROUTING', moving)) : mangled('POSTROUTING', moving);
  const outwards = (moving: readonly Moving[], tracked: boolean): Moving[] =>
    leave(through(node.filter, 'OUTPUT', mangled('OUTPUT', moving)), tracked);
  /** Those that no virtual service takes, and the parts that one sends on. */
  const balance = (moving: readonly Moving[]): { readonly others: Moving[]; readonly sent: Moving[] } => {
    const others: Moving[] = [];
    const sent: Moving[] = [];
    for (const one of moving) {
      const places = node.balanceMark?.(one.packet, one.mark) ?? node.balance?.(one.packet);
      if (places === undefined) others.push(one);
      if (places?.length === 0) count('refused', one.share);
      for (const { address, port, share } of places ?? []) {
        if (isLoopback(one.packet.source) && !node.isLocal(address)) {
          count('dropped', one.share * share);
          continue;
        }
        const balanced = { ...one.packet, destination: address, port };
        sent.push({ ...one, packet: { ...balanced, virtual: one.packet }, share: one.share * share, to: placeName(balanced) });
      }
    }
    return { others, sent };
  };
  const isHere = ({ packet: { destination } }: Moving): boolean => node.isLocal(destination);
  const tracks = node.untracks !== true;
  const first = through(node.nat, hook, through(node.mangle, hook, [{ packet, mark: 0, share: 1 }]));
  if (hook === 'OUTPUT') {
    const { others, sent } = balance(first);
    const near = sent.filter(isHere);
    const far = sent.filter((one) => !isHere(one));
    const gone = [
      ...leave(through(node.filter, 'OUTPUT', others)),
      ...leave(through(node.filter, 'OUTPUT', near), tracks),
      ...outwards(far, tracks),
    ];
    arrive(gone.filter((one) => !isHere(one)));
    arrive(through(node.filter, 'INPUT', mangled('INPUT', mangled('PREROUTING', gone.filter(isHere)))));
    return fates;
  }
  const isForNode = (one: Moving): boolean => isHere(one) || node.balanceMark?.(one.packet, one.mark) !== undefined;
  arrive(
    leave(
      through(
        node.filter,
        'FORWARD',
        mangled(
          'FORWARD',
          first.filter((one) => !isForNode(one)),
        ),
      ),
    ),
  );
  const { others, sent } = balance(through(node.filter, 'INPUT', mangled('INPUT', first.filter(isForNode))));
  arrive([...others, ...sent.filter(isHere)]);
  arrive(
    outwards(
      sent.filter((one) => !isHere(one)),
      tracks,
    ),
  );
  return fates;
}

/** IPVS sends nothing from a loopback address to another machine (Linux `crosses_local_route_boundary`). */
function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function placeName({ destination, port }: RefereePacket): string {
  return `${destination.includes(':') ? `[${destination}]` : destination}:${port}`;
}

const FATES = { DROP: 'dropped', REJECT: 'refused', unknown: 'unknown' } as const;

function builtIn(table: RefereeTable | undefined, name: string, packet: RefereePacket, mark: number): Result[] {
  if (table === undefined) return [{ mark, share: 1 }];
  const chain = table.get(name);
  // A chain that is not listed is taken to let everything pass.
  if (chain === undefined) return [{ mark, share: 1 }];
  return onward(table, chain.rules, 0, packet, mark).map((result) => ({
    ...result,
    end: result.end ?? { kind: chain.policy === 'DROP' ? 'DROP' : 'ACCEPT' },
  }));
}

/** What becomes of a packet from one rule of a chain on; without an end it has come through them all, or was sent back. */
function onward(table: RefereeTable, rules: readonly RefereeRule[], from: number, packet: RefereePacket, mark: number): Result[] {
  const at = rules.findIndex((rule, index) => index >= from && rule.meets(packet, mark));
  const rule = rules[at];
  if (rule === undefined) return [{ mark, share: 1 }];
  const met = part(
    rule.chance,
    after(table, rule.target, (left) => onward(table, rules, at + 1, packet, left), packet, mark),
  );
  return rule.chance === 1 ? met : [...met, ...part(1 - rule.chance, onward(table, rules, at + 1, packet, mark))];
}

function part(share: number, results: readonly Result[]): Result[] {
  return results.map((result) => ({ ...result, share: result.share * share }));
}

function after(
  table: RefereeTable,
  target: RefereeTarget,
  next: (mark: number) => Result[],
  packet: RefereePacket,
  mark: number,
): Result[] {
  switch (target.kind) {
    case 'RETURN':
      return [{ mark, share: 1 }];
    case 'nothing':
      return next(mark);
    case 'MARK':
      return next(((mark & ~target.mask) ^ target.value) >>> 0);
    case 'goto':
    case 'jump': {
      const chain = table.get(target.chain);
      if (chain === undefined && target.chain === 'KUBE-MARK-MASQ') return next((mark | 0x4000) >>> 0);
      if (chain === undefined && target.chain === 'KUBE-MARK-DROP') return next((mark | 0x8000) >>> 0);
      if (chain === undefined) return [{ end: { kind: 'unknown' }, mark, share: 1 }];
      const inside = onward(table, chain.rules, 0, packet, mark);
      return target.kind === 'goto'
        ? inside
        : inside.flatMap((result) => (result.end === undefined ? part(result.share, next(result.mark)) : [result]));
    }
    default:
      return [{ end: target, mark, share: 1 }];
  }
}
