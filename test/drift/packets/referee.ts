/**
 * Leads a packet through rules in the most simple way: the referee of the packet engine, with which it shares no code.
 */

/** A packet with the addresses as text. */
export interface RefereePacket {
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

/** Leads a packet through mangle, nat, filter, IPVS and nat again. */
export function fatesOf(node: RefereeNode, packet: RefereePacket, hook: 'PREROUTING' | 'OUTPUT'): Fates {
  const fates: Fates = new Map();
  const count = (fate: string, share: number): void => void fates.set(fate, (fates.get(fate) ?? 0) + share);
  const marked = builtIn(node.mangle, hook, packet, 0);
  for (const first of marked.flatMap((zeroth) => (isFate(zeroth) ? [zeroth] : part(zeroth.share, builtIn(node.nat, hook, packet, zeroth.mark))))) {
    if (first.end !== undefined && first.end.kind in FATES) {
      count(FATES[first.end.kind as keyof typeof FATES], first.share);
      continue;
    }
    const target = first.end?.kind === 'DNAT' ? first.end : undefined;
    const moved = target === undefined ? packet : { ...packet, destination: target.address ?? packet.destination, port: target.port ?? packet.port };
    const chain = hook === 'OUTPUT' ? 'OUTPUT' : node.isLocal(moved.destination) || node.balanceMark?.(moved, first.mark) !== undefined ? 'INPUT' : 'FORWARD';
    for (const second of builtIn(node.filter, chain, moved, first.mark)) {
      const share = first.share * second.share;
      if (second.end !== undefined && second.end.kind in FATES) {
        count(FATES[second.end.kind as keyof typeof FATES], share);
        continue;
      }
      const balanced = chain === 'FORWARD' ? undefined : (node.balanceMark?.(moved, second.mark) ?? node.balance?.(moved));
      if (balanced?.length === 0) count('refused', share);
      for (const last of balanced ?? [{ address: moved.destination, port: moved.port, share: 1 }]) {
        const leaving = { ...moved, destination: last.address, port: last.port };
        const place = target === undefined && balanced === undefined ? 'passed' : `to ${last.address.includes(':') ? `[${last.address}]` : last.address}:${last.port}`;
        for (const third of builtIn(node.nat, 'POSTROUTING', leaving, second.mark)) count(`${place}${third.end?.kind === 'MASQUERADE' ? ' masqueraded' : ''}`, share * last.share * third.share);
      }
    }
  }
  return fates;
}

const FATES = { DROP: 'dropped', REJECT: 'refused', unknown: 'unknown' } as const;

function isFate({ end }: Result): boolean {
  return end !== undefined && end.kind in FATES;
}

function builtIn(table: RefereeTable | undefined, name: string, packet: RefereePacket, mark: number): Result[] {
  if (table === undefined) return [{ mark, share: 1 }];
  const chain = table.get(name);
  if (chain === undefined) return [{ end: { kind: 'unknown' }, mark, share: 1 }];
  return onward(table, chain.rules, 0, packet, mark).map((result) => ({ ...result, end: result.end ?? { kind: chain.policy === 'DROP' ? 'DROP' : 'ACCEPT' } }));
}

/** What becomes of a packet from one rule of a chain on; without an end it has come through them all, or was sent back. */
function onward(table: RefereeTable, rules: readonly RefereeRule[], from: number, packet: RefereePacket, mark: number): Result[] {
  const at = rules.findIndex((rule, index) => index >= from && rule.meets(packet, mark));
  const rule = rules[at];
  if (rule === undefined) return [{ mark, share: 1 }];
  const met = part(rule.chance, after(table, rule.target, (left) => onward(table, rules, at + 1, packet, left), packet, mark));
  return rule.chance === 1 ? met : [...met, ...part(1 - rule.chance, onward(table, rules, at + 1, packet, mark))];
}

function part(share: number, results: readonly Result[]): Result[] {
  return results.map((result) => ({ ...result, share: result.share * share }));
}

function after(table: RefereeTable, target: RefereeTarget, next: (mark: number) => Result[], packet: RefereePacket, mark: number): Result[] {
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
      return target.kind === 'goto' ? inside : inside.flatMap((result) => (result.end === undefined ? part(result.share, next(result.mark)) : [result]));
    }
    default:
      return [{ end: target, mark, share: 1 }];
  }
}
