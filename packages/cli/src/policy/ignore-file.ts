import type { IgnoreRule } from '@netdrift/drift';
import { tell } from '../output/tell.ts';
import { Trouble } from '../trouble.ts';
import { isObject, readJson } from './json-file.ts';
import { knownId } from './known-id.ts';

const KEYS: ReadonlySet<string> = new Set(['id', 'subject', 'until', 'reason']);
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The rules of an ignore file: a JSON list of `{ "id", "subject"?, "until"?, "reason" }`, where `*` in id and subject stands
 * for any text. A rule whose day `until` has passed (UTC) no longer counts, and is told on standard error.
 *
 * @throws {@link Trouble} for a file that says something else: a rule that silently does nothing would be worse.
 */
export async function readIgnoreFile(path: string, now: Date = new Date()): Promise<readonly IgnoreRule[]> {
  return ignoreRulesOf(await readJson(path), path, now);
}

/** The rules of a list that stands at `path`, as {@link readIgnoreFile} gives them. */
export function ignoreRulesOf(value: unknown, path: string, now: Date = new Date()): readonly IgnoreRule[] {
  if (!Array.isArray(value)) throw new Trouble(`${path} is not a list of rules { "id": …, "reason": … }`);
  const today = now.toISOString().slice(0, 10);
  return value.flatMap((rule: unknown, index) => {
    const { until, ...checked } = checkedRule(rule, `${path}: rule ${index + 1}`);
    if (until === undefined || until >= today) return [checked];
    tell(`${path}: rule ${index + 1} (${checked.id}) counted until ${until} and no longer does`);
    return [];
  });
}

function checkedRule(rule: unknown, place: string): IgnoreRule & { readonly until?: string } {
  if (!isObject(rule)) throw new Trouble(`${place} is not an object { "id": …, "reason": … }`);
  for (const [key, value] of Object.entries(rule)) {
    if (!KEYS.has(key)) throw new Trouble(`${place} has an unknown key: ${key}`);
    if (typeof value !== 'string') throw new Trouble(`${place}: ${key} is not a text`);
  }
  const { id, subject, until, reason } = rule;
  if (typeof id !== 'string') throw new Trouble(`${place} has no id`);
  if (typeof reason !== 'string') throw new Trouble(`${place} has no reason`);
  if (typeof until === 'string' && !DATE.test(until)) throw new Trouble(`${place}: until is not a day YYYY-MM-DD`);
  return {
    id: knownId(id, place),
    reason,
    ...(typeof subject === 'string' ? { subject } : {}),
    ...(typeof until === 'string' ? { until } : {}),
  };
}
