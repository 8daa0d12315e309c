import { Trouble } from '../trouble.ts';
import { isObject, readJson } from './json-file.ts';

/**
 * The fingerprints of a stored report (`netdrift diff --format json`): what it tells is known, and only new changes fail.
 *
 * @throws {@link Trouble} for a file that is no report.
 */
export async function readKnownDrift(path: string): Promise<ReadonlySet<string>> {
  const report = await readJson(path);
  const changes = isObject(report) ? report['changes'] : undefined;
  if (!Array.isArray(changes)) throw new Trouble(`${path} is not a report of netdrift diff --format json`);
  return new Set(changes.map((change: unknown) => fingerprintOf(change, path)));
}

function fingerprintOf(change: unknown, path: string): string {
  const fingerprint = isObject(change) ? change['fingerprint'] : undefined;
  if (typeof fingerprint !== 'string')
    throw new Trouble(`${path} is not a report of netdrift diff --format json: a change has no fingerprint`);
  return fingerprint;
}
