import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DiffOptions } from '@netdrift/drift';
import { closest } from 'fastest-levenshtein';
import { tellWork } from '../output/tell.ts';
import { Trouble } from '../trouble.ts';
import { ignoreRulesOf, readIgnoreFile } from './ignore-file.ts';
import { isObject, readJson } from './json-file.ts';
import { readKnownDrift } from './known-drift.ts';
import { readSeverityRules, severityRulesOf } from './severity-rules.ts';

/** The policy file that counts where none is named: the one in the folder in which netdrift runs. */
const POLICY_FILE = 'netdrift.config.json';
const KEYS = ['$schema', 'ignore', 'severity', 'known', 'expect'] as const;

/** What the command line says of policy. */
interface Asked {
  readonly config?: string;
  readonly ignore: readonly string[];
  readonly severity: readonly string[];
  readonly known: readonly string[];
}

/** What counts: the policy file, and then what the command line says. */
export interface Policy extends Required<Pick<DiffOptions, 'ignore' | 'severity' | 'known'>> {
  /** A snapshot of Services and endpoints as they should be. */
  readonly expect?: string;
}

/**
 * Reads the policy file and what the command line names beside it; the command line has the last word. Paths in the file are seen from its
 * folder. Its form: `netdrift/schemas/config.json`.
 *
 * @throws {@link Trouble} for a key, an id or a level that does not exist, with the nearest that does.
 */
export async function readPolicy({ config, ignore, severity, known }: Asked): Promise<Policy> {
  const path = config ?? (existsSync(POLICY_FILE) ? POLICY_FILE : undefined);
  const file = path === undefined ? {} : await readPolicyFile(path);
  return {
    ignore: [...(file.ignore ?? []), ...(await Promise.all(ignore.map((one) => readIgnoreFile(one)))).flat()],
    severity: [...(file.severity ?? []), ...(await readSeverityRules(severity))],
    known: new Set(
      (await Promise.all([...(file.known ?? []), ...known].map((one) => readKnownDrift(one)))).flatMap((prints) => [...prints]),
    ),
    ...(file.expect === undefined ? {} : { expect: file.expect }),
  };
}

interface ReadFile {
  readonly ignore?: Policy['ignore'];
  readonly severity?: Policy['severity'];
  readonly known?: readonly string[];
  readonly expect?: string;
}

async function readPolicyFile(path: string): Promise<ReadFile> {
  const value = await readJson(path);
  if (!isObject(value)) throw new Trouble(`${path} is not an object { "ignore": …, "severity": …, "known": …, "expect": … }`);
  for (const key of Object.keys(value)) {
    if (!KEYS.some((known) => known === key))
      throw new Trouble(`${path} has an unknown key: ${key}; the nearest is ${closest(key, [...KEYS])}`);
  }
  tellWork(`${path}: policy read`);
  const { ignore, severity, known, expect } = value;
  const beside = (one: string): string => resolve(dirname(path), one);
  if (known !== undefined && !(Array.isArray(known) && known.every((one) => typeof one === 'string')))
    throw new Trouble(`${path}: known is not a list of paths`);
  if (expect !== undefined && typeof expect !== 'string') throw new Trouble(`${path}: expect is not a path`);
  return {
    ...(ignore === undefined ? {} : { ignore: ignoreRulesOf(ignore, `${path}: ignore`) }),
    ...(severity === undefined ? {} : { severity: severityRulesOf(severity, `${path}: severity`) }),
    ...(known === undefined ? {} : { known: known.map(beside) }),
    ...(expect === undefined ? {} : { expect: beside(expect) }),
  };
}
