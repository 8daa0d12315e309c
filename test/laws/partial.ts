import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkSnapshots, diffSnapshots, explainSnapshots, lastOfEachHost, readSnapshots, type SnapshotFile } from '@netdrift/drift';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** Snapshot folders of the fixtures that hold listings of a node. */
export function snapshotFolders(): readonly string[] {
  const incidents = readdirSync(join(fixtures, 'incidents')).map((name) => `incidents/${name}/before`);
  return ['demo/before', 'demo/drifted', ...incidents].filter((folder) => statSync(join(fixtures, folder), { throwIfNoEntry: false })?.isDirectory() === true);
}

/** The files of a snapshot folder. */
export function filesOf(folder: string): SnapshotFile[] {
  const path = join(fixtures, folder);
  return readdirSync(path).sort().filter((name) => statSync(join(path, name)).isFile()).map((name) => ({ name, content: readFileSync(join(path, name), 'utf8') }));
}

/** What happened to a folder on its way here. */
export interface Loss {
  readonly kind: 'deleted' | 'cut' | 'duplicated';
  readonly files: readonly SnapshotFile[];
  /** Which file, and where it was cut. */
  readonly place: string;
  /** Whether the text itself shows it; a cut between two lines may not. */
  readonly shown: boolean;
}

/** Deletes, cuts or duplicates a file; `random` gives numbers from 0 to 1. */
export function lossOf(files: readonly SnapshotFile[], random: () => number): Loss {
  const place = Math.floor(random() * files.length);
  const file = files[place];
  if (file === undefined) return { kind: 'deleted', files, place: '', shown: true };
  const kind = (['deleted', 'cut', 'cut', 'duplicated'] as const)[Math.floor(random() * 4)] ?? 'cut';
  if (kind === 'deleted') return { kind, files: files.filter((one) => one !== file), place: file.name, shown: true };
  if (kind === 'duplicated') return { kind, files: [...files, { ...file, name: `copy-of-${file.name}` }], place: file.name, shown: true };
  const text = String(file.content);
  const at = Math.floor(random() * text.length);
  const cut = { ...file, content: text.slice(0, at) };
  const [{ parts, troubles }] = readSnapshots([cut]);
  const shown = troubles.length > 0 || parts.some(({ completeness }) => completeness.state !== 'complete');
  return { kind, files: files.map((one) => (one === file ? cut : one)), place: `${file.name} at ${at}`, shown };
}

/** What says of the listing that it is cut, and not what it shows. */
const NOTES: ReadonlySet<string> = new Set(['lint.iptables.dangling-jump', 'lint.iptables.refcount-mismatch', 'snapshot.views-disagree']);

/** Everything that explain and check say above `none` of a folder, and what explain says is not there. */
export function claimsOf(files: readonly SnapshotFile[]): Set<string> {
  const snapshots = readSnapshots(files);
  const claims = new Set<string>();
  for (const { id, severity, subject } of checkSnapshots(snapshots).findings) if (severity !== 'none' && !NOTES.has(id)) claims.add(`check ${id} ${subject.name}`);
  // By address: without its rules a service may have lost its name.
  for (const { frontends } of explainSnapshots(snapshots).servicePorts) {
    for (const { protocol, addresses, port, paths } of frontends) {
      for (const { from, verdict, reason } of paths) {
        if (verdict === 'passed' || reason === 'no endpoints' || reason === 'no local endpoints') claims.add(`explain ${protocol} ${addresses.join()}:${port} ${from} ${reason ?? verdict}`);
      }
    }
  }
  return claims;
}

/** The changes above `none` that a comparison with what was lost tells as decided. */
export function decidedChanges(before: readonly SnapshotFile[], after: readonly SnapshotFile[]): string[] {
  const [one] = lastOfEachHost(readSnapshots(before));
  const [other] = lastOfEachHost(readSnapshots(after));
  return diffSnapshots(one, other).changes.filter(({ severity, effect }) => severity !== 'none' && effect !== 'undecided').map(({ id, subject }) => `diff ${id} ${subject.name}`);
}

/** What a loss adds to what is claimed. */
export function addedClaims(files: readonly SnapshotFile[], known: ReadonlySet<string>, lost: readonly SnapshotFile[]): string[] {
  const added = [...claimsOf(lost)].filter((claim) => !known.has(claim));
  return [...added, ...decidedChanges(files, lost), ...decidedChanges(lost, files)];
}
