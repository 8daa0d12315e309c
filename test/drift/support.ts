import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The files of a folder, or one file, as a snapshot takes them; a path is relative to the repository unless absolute. */
export function snapshotFiles(path: string): SnapshotFile[] {
  const full = path.startsWith('/') ? path : join(repository, path);
  if (!statSync(full).isDirectory()) return [{ name: basename(full), content: readFileSync(full) }];
  return readdirSync(full)
    .sort()
    .filter((name) => statSync(join(full, name)).isFile())
    .map((name) => ({ name, content: readFileSync(join(full, name)) }));
}

const reports = new Map<string, Report>();

/** Compares two folders or files of the project. What was compared once is kept: several laws ask the same pairs. */
export function diffPaths(before: string, after: string): Report {
  const pair = `${before} ${after}`;
  const report = reports.get(pair) ?? diffSnapshots(readSnapshot(snapshotFiles(before)), readSnapshot(snapshotFiles(after)));
  reports.set(pair, report);
  return report;
}

/** `severity id subject` of every change, in the order of the report. */
export function outline(report: Report): string[] {
  return report.changes.map(({ severity, id, subject }) => `${severity} ${id} ${subject.name}`);
}

/** What a golden keeps of a report for programs: without inputs and counts, which the text tells. */
export function changesOf({ verdict, maxSeverity, causes, changes }: Report): object {
  return { verdict, maxSeverity, causes, changes };
}
