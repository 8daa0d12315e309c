import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusFolder, hasCorpus } from '../support/corpus.ts';
import {
  checkSnapshots,
  diffSnapshots,
  explainSnapshots,
  lastOfEachHost,
  readSnapshots,
  seenFiles,
  type SnapshotFile,
} from '@netdrift/drift';

/** Of a folder with a loss all files but one are those of the folder before. */
const seen = seenFiles();

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** Snapshot folders of the fixtures that hold listings of a node. */
export function snapshotFolders(): readonly string[] {
  const incidents = readdirSync(join(fixtures, 'incidents')).map((name) => `incidents/${name}/before`);
  return ['demo/before', 'demo/drifted', ...incidents].filter(
    (folder) => statSync(join(fixtures, folder), { throwIfNoEntry: false })?.isDirectory() === true,
  );
}

/** Captures of a real kube-proxy in every mode, where the corpus is there; absolute paths. */
export function captureFolders(): readonly string[] {
  return ['kube-proxy', 'kube-proxy-modes', 'kube-proxy-nftables']
    .filter((name) => hasCorpus(name))
    .flatMap((name) => foldersIn(join(corpusFolder, name), 2));
}

function foldersIn(folder: string, deep: number): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = entries.some(({ name }) => /^(?:ipvsadm|ip6?tables|nft)[^/]*\.txt$/.test(name)) ? [folder] : [];
  return [
    ...own,
    ...(deep === 0
      ? []
      : entries
          .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
          .flatMap(({ name }) => foldersIn(join(folder, name), deep - 1))),
  ];
}

/** The files of a snapshot folder. */
export function filesOf(folder: string): SnapshotFile[] {
  const path = resolve(fixtures, folder);
  return readdirSync(path)
    .sort()
    .filter((name) => statSync(join(path, name)).isFile())
    .map((name) => ({ name, content: readFileSync(join(path, name), 'utf8') }));
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
  const snapshots = readSnapshots(files, seen);
  const claims = new Set<string>();
  for (const { id, severity, subject, subjects = [subject] } of checkSnapshots(snapshots).findings)
    if (severity !== 'none' && !NOTES.has(id)) for (const one of subjects) claims.add(`check ${id} ${nameOf(one)}`);
  // By address: without its rules a service may have lost its name.
  for (const { frontends } of explainSnapshots(snapshots).servicePorts) {
    for (const { protocol, addresses, port, paths } of frontends) {
      for (const { from, verdict, reason } of paths) {
        if (verdict === 'passed' || reason === 'no endpoints' || reason === 'no local endpoints')
          claims.add(`explain ${protocol} ${addresses.join()}:${port} ${from} fails`);
      }
    }
  }
  return claims;
}

/** A service by its name: without its objects nobody knows the names of its ports. */
function nameOf({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return kind === 'kube.servicePort' ? name.replace(/:[^:]*$/, '') : name;
}

/** The changes above `none` that a comparison with what was lost tells as decided. */
function decidedChanges(before: readonly SnapshotFile[], after: readonly SnapshotFile[]): string[] {
  const [one] = lastOfEachHost(readSnapshots(before, seen));
  const [other] = lastOfEachHost(readSnapshots(after, seen));
  return diffSnapshots(one, other)
    .changes.filter(({ severity, effect }) => severity !== 'none' && effect !== 'undecided')
    .map(({ id, subject }) => `diff ${id} ${subject.name}`);
}

/**
 * Oddities of the tables that are told better by what the cluster asks for, where objects tell that
 * (packages/drift/src/check/without-effects.ts).
 */
const TOLD_BETTER: ReadonlyMap<string, RegExp> = new Map([
  ['lint.kube.nodeport-not-last', /^check x\.rule-(?:missing|not-expected) /],
  ['lint.ipvs.mixed-schedulers', /^check x\.scheduler-not-expected /],
  ['lint.kube.filter-nat-contradiction', /^check x\./],
  ['lint.kube.svc-empty', /^check x\./],
  ['lint.kube.share-skewed', /^check x\./],
  ['lint.ipvs.all-weight-zero', /^check x\./],
  ['lint.ipvs.weight-zero-fails', /^check x\./],
]);

/**
 * What tables of kubectl show of services and only objects limit, by labels, policies and hints, and oddities of the tables that are told
 * better by what the cluster asks for: counted apart where the objects are gone.
 */
const WITHOUT_OBJECTS = /^check (?:x\.(?:service-without-|endpoint-missing |rule-missing )|lint\.kube\.)/;

/** The same where they are cut: an oddity of the tables, of which the objects that are left say nothing. */
const WITH_CUT_OBJECTS = /^check lint\.kube\./;

/** What a loss adds to what is claimed. */
export function addedClaims(files: readonly SnapshotFile[], known: ReadonlySet<string>, lost: readonly SnapshotFile[]): string[] {
  const isToldBetter = (claim: string): boolean => [...known].some((one) => TOLD_BETTER.get(claim.split(' ')[1] ?? '')?.test(one) === true);
  const lostObjects = files.some(({ name }) => name.startsWith('objects') && !lost.some((one) => one.name === name));
  const cutObjects = lost.some((one) => one.name.startsWith('objects') && !files.some(({ content }) => content === one.content));
  const isApart = (claim: string): boolean => (lostObjects && WITHOUT_OBJECTS.test(claim)) || (cutObjects && WITH_CUT_OBJECTS.test(claim));
  const added = [...claimsOf(lost)].filter((claim) => !known.has(claim) && !isToldBetter(claim) && !isApart(claim));
  return [...added, ...decidedChanges(files, lost), ...decidedChanges(lost, files)];
}
