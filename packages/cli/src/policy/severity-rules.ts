import type { DiffOptions } from '@netdrift/drift';
import { Trouble } from '../trouble.ts';
import { isObject, readJson } from './json-file.ts';
import { knownId } from './known-id.ts';

const LEVELS = ['off', 'none', 'notice', 'warning', 'critical'] as const;

type SeverityRule = NonNullable<DiffOptions['severity']>[number];

/**
 * What `--severity` says, in order: `ID=LEVEL`, or a JSON file `{ "ID": "LEVEL" }`; `*` in an id stands for any text, and `off`
 * leaves the change out of the judgement.
 *
 * @throws {@link Trouble} for a level or an id that does not exist.
 */
export async function readSeverityRules(values: readonly string[]): Promise<readonly SeverityRule[]> {
  const rules: SeverityRule[] = [];
  for (const value of values) {
    const at = value.indexOf('=');
    if (at >= 0) rules.push(ruleOf(value.slice(0, at), value.slice(at + 1), '--severity'));
    else rules.push(...severityRulesOf(await readJson(value), value));
  }
  return rules;
}

/** The rules of an object `{ "ID": "LEVEL" }` that stands at `path`. */
export function severityRulesOf(value: unknown, path: string): SeverityRule[] {
  if (!isObject(value)) throw new Trouble(`${path} is not an object { "ID": "LEVEL" }`);
  return Object.entries(value).map(([id, level]) => ruleOf(id, level, path));
}

function ruleOf(id: string, level: unknown, place: string): SeverityRule {
  const known = LEVELS.find((one) => one === level);
  if (known === undefined) throw new Trouble(`${place}: ${id} has the level ${String(level)}, which is none of ${LEVELS.join(', ')}`);
  return [knownId(id, place), known];
}
