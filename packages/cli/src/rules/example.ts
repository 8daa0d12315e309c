import { checkSnapshot, diffSnapshots, readSnapshot, renderCheckText, renderText, type Rule, type SnapshotFile } from '@netdrift/drift';
import causes from './examples/causes.json' with { type: 'json' };
import changes from './examples/changes.json' with { type: 'json' };
import findings from './examples/findings.json' with { type: 'json' };

/**
 * Outputs of tools that show one rule: by file its lines, each with ` ` (on both sides), `-` (before) or `+` (after) in front, as a diff
 * has them. Lines of captures and of tests, of which `scripts/reduce-example.js` has left what the report needs.
 */
export type Example = Readonly<Record<string, readonly string[]>>;

const EXAMPLES: Readonly<Record<Rule['kind'], Readonly<Record<string, Example>>>> = { change: changes, finding: findings, cause: causes };

/** The example of a rule. Every rule has one: a test asks for it. */
export function exampleOf({ kind, id }: Rule): Example | undefined {
  const examples = EXAMPLES[kind];
  return Object.hasOwn(examples, id) ? examples[id] : undefined;
}

/** The files of one side of an example. */
export function filesOf(example: Example, side: 'before' | 'after'): SnapshotFile[] {
  const left = side === 'before' ? '+' : '-';
  return Object.entries(example).map(([name, rows]) => ({
    name,
    content: rows
      .filter((row) => !row.startsWith(left))
      .map((row) => `${row.slice(1)}\n`)
      .join(''),
  }));
}

/** What netdrift reports of an example: that of `diff`, or of `check` where the rule is a finding. */
export function reportOf(rule: Rule, example: Example, color: boolean): string {
  const after = readSnapshot(filesOf(example, 'after'));
  if (rule.kind !== 'finding') return renderText(diffSnapshots(readSnapshot(filesOf(example, 'before')), after), { color });
  // What has no effect is not told in text: here it is what was asked for.
  return renderCheckText(checkSnapshot(after, rule.severity === 'none' ? { severity: [[rule.id, 'notice']] } : {}), { color });
}
