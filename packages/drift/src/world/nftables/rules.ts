import {
  printNftStatement,
  type RejectStatement,
  type Rule as NftRule,
  type Statement,
  type Verdict as NftVerdict,
  type VerdictMap,
} from '@netdrift/nftables';
import type { Action, Rule, Test, Verdict } from '../ir.ts';
import type { RuleRef } from '../rule-ref.ts';
import type { CompiledParts, NftContext } from './context.ts';
import { drawAmong } from './draw.ts';
import { countingTest } from './counting-tests.ts';
import { lookupOf } from './lookups.ts';
import { assignmentAction } from './mark-actions.ts';
import { keysOf, matchTests, protocolTests, sourceOf } from './match-tests.ts';
import { natVerdict } from './nat-verdicts.ts';

const GO_ON: Verdict = { kind: 'continue' };

/**
 * One rule, its statements from left to right up to the one that decides. A rule that no packet of the family meets has no body to meet.
 */
export function compileNftRule({ statements }: NftRule, source: RuleRef, context: NftContext): Rule {
  const body: (Test | Action)[] = [];
  for (const statement of statements) {
    const verdict = verdictOf(statement, context);
    if (verdict !== undefined) return verdict === 'never' ? { body: [NEVER], verdict: GO_ON, source } : finish(body, verdict, source);
    const parts = partsOf(statement, context);
    if (parts === 'never') return { body: [NEVER], verdict: GO_ON, source };
    body.push(...parts);
  }
  return { body, verdict: GO_ON, source };
}

/** A condition that no packet meets. */
const NEVER: Test = { kind: 'field', field: 'protocol', in: [] };

function finish(body: (Test | Action)[], { tests, verdict }: Decision, source: RuleRef): Rule {
  return { body: [...body, ...tests], verdict, source };
}

interface Decision {
  readonly tests: readonly Test[];
  readonly verdict: Verdict;
}

const decided = (verdict: Verdict): Decision => ({ tests: [], verdict });

/** What a statement decides; nothing for one that lets the packet go on to the next. */
function verdictOf(statement: Statement, context: NftContext): Decision | 'never' | undefined {
  switch (statement.kind) {
    case 'Verdict':
      return decided(compileVerdict(statement));
    case 'VerdictMap':
      return mapVerdict(statement, context);
    case 'Reject':
      return decided({ kind: 'reject', with: rejectedWith(statement, context.family) });
    case 'Nat': {
      const verdict = natVerdict(statement, context);
      return verdict === undefined ? 'never' : decided(verdict);
    }
    case 'Assignment':
      return assignmentAction(statement) === undefined ? decided(opaque(statement, true)) : undefined;
    case 'Queue':
    case 'Synproxy':
    case 'Tproxy':
      return decided(opaque(statement, false));
    case 'Forward':
      return statement.type === 'fwd' ? decided(opaque(statement, false)) : undefined;
    case 'Xt':
    case 'Hidden':
    case 'UnknownStatement':
      return decided(opaque(statement, true));
    default:
      return undefined;
  }
}

function opaque(statement: Statement, mayReturn: boolean): Verdict {
  return { kind: 'opaque', text: printNftStatement(statement), mayReturn };
}

/** Conditions and actions of a statement that decides nothing. */
function partsOf(statement: Statement, context: NftContext): CompiledParts {
  switch (statement.kind) {
    case 'Match':
      return matchTests(statement, context);
    case 'Assignment': {
      const action = assignmentAction(statement);
      return action === undefined ? [] : [action];
    }
    case 'Notrack':
      return [{ kind: 'notrack' }];
    case 'Limit':
    case 'Quota':
    case 'CtCount':
      return [countingTest(statement)];
    case 'Counter':
    case 'Last':
      return [];
    default:
      return [{ kind: 'effect', text: printNftStatement(statement) }];
  }
}

/** `goto CHAIN`, `drop` */
function compileVerdict({ verdict, chain }: NftVerdict): Verdict {
  return verdict === 'jump' || verdict === 'goto' ? { kind: verdict, chain: chain ?? '' } : { kind: verdict };
}

function mapVerdict(statement: VerdictMap, context: NftContext): Decision | 'never' {
  const source = sourceOf(statement.map, context);
  const drawn =
    source.elements === undefined
      ? undefined
      : drawAmong(statement.key, source.elements, ({ value }) => (value?.kind === 'Verdict' ? compileVerdict(value) : undefined));
  if (drawn !== undefined) return decided(drawn);
  const keys = keysOf(statement.key, context);
  if (keys === 'never') return 'never';
  if (
    keys === undefined ||
    keys.some(({ mask, original, register }) => mask !== undefined || original === true || register === 'connection')
  )
    return decided(opaque(statement, true));
  const lookup = lookupOf<Verdict>(
    source,
    keys.map(({ field }) => field),
    context.family,
    ({ value }) => (value?.kind === 'Verdict' ? compileVerdict(value) : undefined),
  );
  return { tests: protocolTests(keys), verdict: { kind: 'map', in: lookup } };
}

/** What the sender is told, in the words of iptables. */
function rejectedWith({ type, code }: RejectStatement, family: 'ipv4' | 'ipv6'): string {
  if (type === 'tcp reset') return 'tcp-reset';
  return `${family === 'ipv4' ? 'icmp' : 'icmp6'}-${code ?? 'port-unreachable'}`;
}
