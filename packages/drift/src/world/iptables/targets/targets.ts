import type { Target } from '@netdrift/iptables';
import { printIptablesTarget } from '@netdrift/iptables';
import type { Action, Verdict } from '../../ir.ts';
import type { CompileContext } from '../context.ts';
import { connmarkActions, ctActions, markAction, tproxyVerdict } from './mark-targets.ts';
import { dnatVerdict, masqueradeVerdict, netmapVerdict, redirectVerdict, snatVerdict } from './nat-targets.ts';

/** What a target does: actions, then a verdict. */
export interface CompiledTarget {
  readonly actions?: readonly Action[];
  readonly verdict: Verdict;
}

/** How a target is understood. */
export interface TargetModel<T> {
  /**
   * `modelled`: followed. `effect`: the packet goes on, and what is done besides is compared as text. `unknown`: nobody can tell what
   * becomes of the packet.
   */
  readonly model: 'modelled' | 'effect' | 'unknown';
  readonly note: string;
  readonly compile: (target: T, context: CompileContext) => CompiledTarget;
}

type TargetModels = { readonly [Kind in Target['kind']]: TargetModel<Extract<Target, { readonly kind: Kind }>> };

const GO_ON: Verdict = { kind: 'continue' };

/** Every target of `@netdrift/iptables`: what becomes of packets. The docs table is made of this. */
export const TARGET_MODELS: TargetModels = {
  AuditTarget: effect('an audit record'),
  ChainTarget: modelled('jumps and go-tos', ({ name }) => ({ verdict: { kind: 'jump', chain: name } })),
  ChecksumTarget: effect('checksums'),
  ClassifyTarget: effect('the class for queueing'),
  ClusteripTarget: unknown('which node of the cluster answers is decided by a hash', true),
  ConnmarkTarget: modelled("the connection's mark, and copies of it; a shifted set mark is an effect", (target) => ({
    actions: connmarkActions(target),
    verdict: GO_ON,
  })),
  ConnsecmarkTarget: effect('security marks'),
  CtTarget: modelled('--notrack; zones, helpers and timeouts are effects', (target) => ({ actions: ctActions(target), verdict: GO_ON })),
  DnatTarget: modelled('addresses and ports, ranges of them too', (target) => ({ verdict: dnatVerdict(target) })),
  DnptTarget: unknown('prefixes are translated without a connection', true),
  DscpTarget: effect('a field of the header'),
  EcnTarget: effect('a field of the header'),
  HlTarget: effect('a field of the header'),
  HmarkTarget: unknown('the mark is a hash', true),
  IdletimerTarget: effect('a timer'),
  LedTarget: effect('a light'),
  LogTarget: effect('a line of the kernel log'),
  MarkTarget: modelled("the packet's mark", (target) => ({ actions: [markAction(target)], verdict: GO_ON })),
  MasqueradeTarget: modelled('a new source address', (target) => ({ verdict: masqueradeVerdict(target) })),
  NetmapTarget: modelled('the prefix of an address', (target, context) => ({ verdict: netmapVerdict(target, context) })),
  NflogTarget: effect('a message to a program'),
  NfqueueTarget: unknown('a program decides', false),
  NotrackTarget: modelled('no tracking, so no nat', () => ({ actions: [{ kind: 'notrack' }], verdict: GO_ON })),
  RateestTarget: effect('a rate'),
  RedirectTarget: modelled('to this node', (target) => ({ verdict: redirectVerdict(target) })),
  RejectTarget: modelled('the sender is told', (target) => ({ verdict: { kind: 'reject', with: target.with } })),
  SecmarkTarget: effect('security marks'),
  SetTarget: {
    model: 'effect',
    note: 'members of sets; --map-set gives the packet what a set holds, which is not followed',
    compile: (target) =>
      target.map === undefined
        ? { actions: [{ kind: 'effect', text: printIptablesTarget(target) }], verdict: GO_ON }
        : { verdict: { kind: 'opaque', text: printIptablesTarget(target), mayReturn: true } },
  },
  SnatTarget: modelled('a new source address', (target) => ({ verdict: snatVerdict(target) })),
  SnptTarget: unknown('prefixes are translated without a connection', true),
  SynproxyTarget: unknown('the kernel answers in place of the server', false),
  TcpmssTarget: effect('a TCP option'),
  TcpoptstripTarget: effect('TCP options'),
  TeeTarget: effect('a copy of the packet to another host'),
  TosTarget: effect('a field of the header'),
  TproxyTarget: modelled('to a transparent local socket, if one listens', (target, context) => ({
    verdict: tproxyVerdict(target, context),
  })),
  TraceTarget: effect('a trace in the kernel log'),
  TtlTarget: effect('a field of the header'),
  UlogTarget: effect('a message to a program'),
  UnknownTarget: unknown('text that no extension knows', true),
  VerdictTarget: modelled('ACCEPT, DROP and RETURN; QUEUE leaves it to a program', ({ name }) => ({
    verdict: name === 'QUEUE' ? { kind: 'opaque', text: '-j QUEUE', mayReturn: false } : { kind: VERDICTS[name] },
  })),
};

const VERDICTS = { ACCEPT: 'accept', DROP: 'drop', RETURN: 'return' } as const;

/** What a rule's target does; none lets the packet go on. */
export function compileTarget(target: Target | undefined, goto: boolean, context: CompileContext): CompiledTarget {
  if (target === undefined) return { verdict: GO_ON };
  if (target.kind === 'ChainTarget') return { verdict: { kind: goto ? 'goto' : 'jump', chain: target.name } };
  // The entry of a kind takes targets of that kind, as with matches.
  return (TARGET_MODELS[target.kind] as TargetModel<Target>).compile(target, context);
}

function modelled<T>(note: string, compile: TargetModel<T>['compile']): TargetModel<T> {
  return { model: 'modelled', note, compile };
}

function effect(note: string): TargetModel<Target> {
  return {
    model: 'effect',
    note,
    compile: (target, { family }) => ({ actions: [{ kind: 'effect', text: printIptablesTarget(target, { family }) }], verdict: GO_ON }),
  };
}

function unknown(note: string, mayReturn: boolean): TargetModel<Target> {
  return {
    model: 'unknown',
    note,
    compile: (target, { family }) => ({ verdict: { kind: 'opaque', text: printIptablesTarget(target, { family }), mayReturn } }),
  };
}
