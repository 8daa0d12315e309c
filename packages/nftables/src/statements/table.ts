import type { Rule } from '@netdrift/core';
import type { Statement } from '../ast/statements.ts';
import { counterStatement, lastStatement, limitStatement, objectStatement, quotaStatement } from './accounting.ts';
import type { StatementKind } from './kind.ts';
import { log } from './log.ts';
import { assignment, ctCount, matching, verdictMap } from './matching.ts';
import { flow, hidden, notrack, queue, synproxy, unknown, xt } from './others.ts';
import { reject } from './reject.ts';
import { setUpdate } from './set-update.ts';
import { forward, nat, tproxy } from './translation.ts';
import { verdicts } from './verdicts.ts';

/** Every kind of statement by the kind of its node: what is left out does not compile. */
export const statementKinds: { readonly [K in Statement['kind']]: StatementKind<Extract<Statement, { kind: K }>> } = {
  Verdict: verdicts,
  Match: matching,
  VerdictMap: verdictMap,
  Assignment: assignment,
  CtCount: ctCount,
  Counter: counterStatement,
  Quota: quotaStatement,
  Limit: limitStatement,
  Last: lastStatement,
  ObjectStatement: objectStatement,
  Log: log,
  Reject: reject,
  Nat: nat,
  Tproxy: tproxy,
  Forward: forward,
  SetUpdate: setUpdate,
  Queue: queue,
  Flow: flow,
  Synproxy: synproxy,
  Notrack: notrack,
  Xt: xt,
  Hidden: hidden,
  UnknownStatement: unknown,
};

const kinds = Object.values(statementKinds);

/** The rules of all kinds. */
export const statementRules: Readonly<Record<string, Rule>> = Object.assign({}, ...kinds.map(({ rules }) => rules));

/** The names of the rules that begin a statement. */
export const statementStarts: readonly string[] = kinds.flatMap(({ starts }) => starts);
