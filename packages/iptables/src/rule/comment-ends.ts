import type { Diagnostic } from '@netdrift/core';
import type { Rule } from '../ast.ts';
import { report } from '../diagnostics.ts';
import { learnRule } from '../listing/listing-grammar.ts';
import { buildRule } from './read-rule.ts';
import type { RuleLine } from './rule-line.ts';
import { joinedTarget, scanRule, type Columns } from './scan-rule.ts';
import { closeOfComment } from './scan-words.ts';

/** More ends than this are not tried: one comment of 255 bytes holds no more. */
const MAX_ENDS = 90;

/**
 * A comment is printed raw, so it may hold what ends a comment. Of the readings that leave no unknown text the one with the
 * longest comment is taken, and the line is reported: what looks like a match may be part of a comment. Where the readings
 * differ in comments alone, as for two comments side by side, the shortest is taken. `first` is the reading with the
 * shortest comment.
 */
export function readingsOfComment(line: RuleLine, columns: Columns, first: Rule, diagnostics: Diagnostic[]): Rule {
  const { start, end } = line;
  const textEnd = joinedTarget(line, start, end)?.at ?? end;
  const open = line.source.indexOf('/* ', start);
  if (open < 0 || open >= end) return first;
  const complete: Rule[] = isComplete(first) ? [first] : [];
  let ends = 0;
  for (
    let at = closeOfComment(line.bytes, open + 4, textEnd);
    at >= 0 && ends < MAX_ENDS;
    at = closeOfComment(line.bytes, at + 1, textEnd)
  ) {
    ends += 1;
    if (ends === 1) continue;
    const rule = readWith(line, start, end, columns, at);
    if (rule !== undefined && isComplete(rule)) complete.push(rule);
  }
  const shortest = complete[0];
  const longest = complete.at(-1);
  if (shortest === undefined || longest === undefined) return first;
  const isAmbiguous = complete.some((rule) => hidesMore(rule, shortest));
  const chosen = isAmbiguous ? longest : shortest;
  if (chosen !== first) while ((diagnostics.at(-1)?.span.start ?? -1) >= start + line.base) diagnostics.pop();
  if (isAmbiguous) {
    const span = line.absolute({ start, end });
    diagnostics.push(
      report(
        'iptables/ambiguous-comment',
        span,
        `comment holds "*/": its rule can be read in ${complete.length} ways`,
        'compare with iptables-save',
      ),
    );
  }
  return chosen;
}

function readWith(line: RuleLine, start: number, end: number, columns: Columns, commentEnd: number): Rule | undefined {
  scanRule(line, start, end, columns, commentEnd);
  const shape = learnRule(line);
  return shape === undefined ? undefined : buildRule(line, shape, []);
}

function isComplete(rule: Rule): boolean {
  return rule.target?.kind !== 'UnknownTarget' && rule.matches.every(({ kind }) => kind !== 'UnknownMatch');
}

/** Two readings that differ in comments alone mean the same. */
function hidesMore(one: Rule, other: Rule): boolean {
  return conditions(one) !== conditions(other) || one.target?.kind !== other.target?.kind;
}

function conditions(rule: Rule): number {
  return rule.matches.filter(({ kind }) => kind !== 'CommentMatch').length;
}
