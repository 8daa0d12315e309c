import type { Action } from '../../../world/ir.ts';
import type { Space } from '../space.ts';
import type { Continuation, Frame, Outcome, Register } from './continuation.ts';
import type { Stage } from './stages.ts';
import type { Balanced, Destination, Step, StepVerdict, Track } from './step.ts';

/** Chains one inside another: nft takes 16 levels, and a loop has no end. */
const MAX_DEPTH = 64;
/** Parts of an opaque target that end there and that come back: no sum of shares makes them by chance. */
const ENDS_THERE = Math.SQRT2 / 2 - 0.1;

/** What IPVS sends where a virtual service has no destination, as REJECT does by default (Linux `ip_vs_leave`). */
const UNREACHABLE = { ipv4: 'icmp-port-unreachable', ipv6: 'icmp6-port-unreachable' } as const;
/** Why a virtual service drops: no rule decides that. */
export const FROM_LOOPBACK = 'IPVS sends nothing from a loopback address to another machine';

/** What becomes of a continuation whose packets meet a step: itself further on, or several where chance decides. */
export function afterHit(continuation: Continuation, step: Step, space: Space): Continuation[] {
  const acted = step.actions.reduce(act, met(continuation, step));
  return afterVerdict(acted, step, step.verdict, space);
}

/** Notes the rule in the trail, where the way is told. */
function met(continuation: Continuation, { actions, verdict }: Step): Continuation {
  const { trail, frame } = continuation;
  if (trail === 'not told' || frame?.program.chain === undefined || (verdict.kind === 'continue' && actions.length === 0))
    return continuation;
  return { ...continuation, trail: { program: frame.program, rule: frame.program.ruleAt[frame.at] as number, before: trail } };
}

function afterVerdict(continuation: Continuation, step: Step, verdict: StepVerdict, space: Space): Continuation[] {
  const frame = continuation.frame as Frame;
  const onwards = { ...continuation, frame: { ...frame, at: frame.at + step.hit } };
  switch (verdict.kind) {
    case 'continue':
      return [onwards];
    case 'return':
      return [leaveChain(continuation)];
    case 'accept':
      return [leaveStage(continuation)];
    case 'drop':
      return [ended(continuation, { end: 'dropped' })];
    case 'reject':
      return [ended(continuation, { end: 'refused', text: verdict.with })];
    case 'jump':
    case 'goto':
      return enterChain(continuation, step, verdict, space);
    case 'translate':
      return [leaveStage({ ...continuation, to: joined(continuation.to, verdict.to) })];
    case 'source':
      return [leaveStage({ ...continuation, source: verdict.to?.text ?? verdict.text })];
    case 'tproxy':
      return [ended(continuation, { end: 'unknown', text: `TPROXY ${String(verdict.address ?? '')}:${verdict.port}` })];
    case 'draw':
      return verdict.among.flatMap((one) =>
        afterVerdict({ ...continuation, weight: continuation.weight * one.weight }, step, one.verdict, space),
      );
    case 'balance':
      return verdict.among.length === 0
        ? [ended(continuation, { end: 'refused', text: UNREACHABLE[space.vocabulary.family], byIpvs: true })]
        : verdict.among.map((one) => balanced(continuation, one, space));
    case 'enter':
      return [enter(continuation, verdict.track, space)];
    case 'arrive':
      return [ended(continuation, { end: verdict.where })];
    case 'opaque': {
      const there = ended(
        { ...continuation, weight: verdict.mayReturn ? continuation.weight * ENDS_THERE : continuation.weight },
        { end: 'unknown', text: verdict.text },
      );
      return verdict.mayReturn ? [there, { ...onwards, weight: continuation.weight * (1 - ENDS_THERE) }] : [there];
    }
  }
}

function enterChain(
  continuation: Continuation,
  step: Step,
  { kind, chain }: { readonly kind: 'jump' | 'goto'; readonly chain: string },
  space: Space,
): Continuation[] {
  const frame = continuation.frame as Frame;
  const program = space.sides[continuation.side].programs.get(frame.program.table)?.get(chain);
  if (program === undefined)
    return afterVerdict(continuation, step, { kind: 'opaque', text: `chain ${chain} is not listed`, mayReturn: true }, space);
  // What lies deeper is not known to be the same on both sides: such ends never cancel each other out.
  if (frame.depth >= MAX_DEPTH)
    return [
      ended(continuation, {
        end: 'unknown',
        text: `chains jump into one another more than ${MAX_DEPTH} deep (${continuation.side === 0 ? 'before' : 'after'})`,
      }),
    ];
  const caller: Frame = { ...frame, at: kind === 'goto' ? frame.program.steps.length : frame.at + step.hit, from: frame.at };
  return [{ ...continuation, frame: { program, at: 0, from: 0, depth: frame.depth + 1, caller } }];
}

/** Goes back to the calling chain, or on by the policy. */
export function leaveChain(continuation: Continuation): Continuation {
  const { program, caller } = continuation.frame as Frame;
  if (caller !== undefined) return { ...continuation, frame: caller, trail: withoutIdleJump(continuation, caller) };
  if (continuation.trail !== 'not told' && program.chain !== undefined)
    return byPolicy({ ...continuation, trail: { program, rule: -1, before: continuation.trail } });
  return byPolicy(continuation);
}

/** A jump into a chain where nothing happened is no part of the way. */
function withoutIdleJump({ trail }: Continuation, { program, from }: Frame): Continuation['trail'] {
  if (trail === 'not told' || trail === undefined) return trail;
  return trail.program === program && trail.rule === program.ruleAt[from] ? trail.before : trail;
}

function byPolicy(continuation: Continuation): Continuation {
  const { program } = continuation.frame as Frame;
  return program.policy === 'drop' ? ended(continuation, { end: 'dropped' }) : leaveStage(continuation);
}

/** Goes on behind a base chain. */
export function leaveStage(continuation: Continuation): Continuation {
  const { next, nat } = continuation.stage;
  if (next === undefined) return ended(continuation, { end: 'sent' });
  const left = nat && continuation.otherMark !== undefined && continuation.frame !== undefined ? withOtherMark(continuation) : continuation;
  return { ...left, stage: next, frame: undefined };
}

/** Into nat and out of it, with packets of a connection that is there. */
export function withOtherMark(continuation: Continuation): Continuation {
  return { ...continuation, mark: continuation.otherMark ?? continuation.mark, otherMark: continuation.mark };
}

function enter(continuation: Continuation, track: Track, space: Space): Continuation {
  return { ...continuation, stage: space.stages.get(track) as Stage, frame: undefined };
}

/** What IPVS forwards to another node goes on as if the node had sent it; untracked where the kernel is not told to track it. */
function balanced(continuation: Continuation, { weight, to, here, kept }: Balanced, space: Space): Continuation {
  if (kept === true) return ended({ ...continuation, weight: continuation.weight * weight }, { end: 'dropped', text: FROM_LOOPBACK });
  const tracked = space.sides[continuation.side].world.ipvs?.conntrack !== false;
  const taken: Continuation = {
    ...continuation,
    weight: continuation.weight * weight,
    to: joined(continuation.to, to),
    balanced: true,
    untracked: continuation.untracked || !tracked,
  };
  return here ? leaveStage(taken) : enter(taken, 'balanced', space);
}

function joined(known: Destination | undefined, to: Destination): Destination {
  if (known === undefined || (to.addresses !== undefined && to.ports !== undefined) || to.node === true) return to;
  const { node: _, ...kept } = known;
  return { ...(to.addresses === undefined ? known : kept), ...to, text: `${known.text} ${to.text}` };
}

function ended(continuation: Continuation, how: Pick<Outcome, 'end' | 'text' | 'byIpvs'>): Continuation {
  const { to, source, effects } = continuation;
  const arrives = how.end === 'here' || how.end === 'sent';
  return {
    ...continuation,
    frame: undefined,
    outcome: { ...how, ...(arrives && to !== undefined ? { to } : {}), ...(arrives && source !== undefined ? { source } : {}), effects },
  };
}

function act(continuation: Continuation, action: Action): Continuation {
  switch (action.kind) {
    case 'mark': {
      const name = action.register === 'packet' ? 'mark' : 'connectionMark';
      const { packet, connection, xor } = continuation[name];
      return {
        ...continuation,
        [name]: {
          packet: (packet & action.and) >>> 0,
          connection: (connection & action.and) >>> 0,
          xor: ((xor & action.and) ^ action.xor) >>> 0,
        },
      };
    }
    case 'copyMark': {
      const [name, other] = action.to === 'packet' ? (['mark', 'connectionMark'] as const) : (['connectionMark', 'mark'] as const);
      const moved = shifted(continuation[other], action.take, action.shift);
      const { packet, connection, xor } = continuation[name];
      const keep = (bits: number, more: number): number => ((bits & action.keep) ^ more) >>> 0;
      return {
        ...continuation,
        [name]: { packet: keep(packet, moved.packet), connection: keep(connection, moved.connection), xor: keep(xor, moved.xor) },
      };
    }
    case 'notrack':
      return { ...continuation, untracked: true };
    case 'effect':
      return isSilent(action.text) ? continuation : { ...continuation, effects: `${continuation.effects}${action.text}\n` };
  }
}

/**
 * A register as it is copied. Bits that change their place are no longer those of the packet as it came: such a copy counts as zero only
 * where it is.
 */
function shifted({ packet, connection, xor }: Register, take: number, shift: number): Register {
  const place = (bits: number): number => (shift >= 0 ? (bits & take) << shift : (bits & take) >>> -shift) >>> 0;
  return shift === 0
    ? { packet: (packet & take) >>> 0, connection: (connection & take) >>> 0, xor: (xor & take) >>> 0 }
    : { packet: 0, connection: 0, xor: place(xor) };
}

/** Effects that no packet shows: lines of a log, counters, lights. */
function isSilent(text: string): boolean {
  return SILENT.some((target) => text === target || text.startsWith(`${target} `) || text.startsWith(`-j ${target}`));
}

const SILENT = ['LOG', 'NFLOG', 'ULOG', 'TRACE', 'AUDIT', 'LED', 'IDLETIMER', 'RATEEST', 'CHECKSUM'];
