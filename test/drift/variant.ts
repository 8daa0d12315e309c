import { checkSnapshot, compareNodes, diffSnapshots, readSnapshot, type Snapshot } from '@netdrift/drift';
import { snapshotFiles } from './support.ts';
import type { Variant } from './variants.ts';

/** What is put in the place of what, in a file of both sides or of one; the text has to be there. */
export interface Change {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly side?: 'before' | 'after';
}

/** What is told of a variant, one line each, without what has no effect. */
export function toldOf({ changes, ask }: Variant, folder: string): string[] {
  const [before, after] = (['before', 'after'] as const).map((side) => changedSide(folder, side, changes)) as [Snapshot, Snapshot];
  if (ask === 'check')
    return checkSnapshot(after)
      .findings.filter(({ severity }) => severity !== 'none')
      .map(({ severity, text }) => `${severity}: ${text}`);
  if (ask === 'nodes')
    return compareNodes([
      { name: 'one', snapshot: before },
      { name: 'other', snapshot: after },
    ]).differences.map(({ severity, text }) => `${severity}: ${text}`);
  return [...changesOf(before, after).map((text) => `forth ${text}`), ...changesOf(after, before).map((text) => `back ${text}`)];
}

function changesOf(before: Snapshot, after: Snapshot): string[] {
  const { changes } = diffSnapshots(before, after);
  return changes.filter(({ severity }) => severity !== 'none').map(({ severity, text }) => `${severity}: ${text}`);
}

function changedSide(folder: string, side: 'before' | 'after', changes: readonly Change[]): Snapshot {
  const files = snapshotFiles(`${folder}/${side}`);
  return readSnapshot(
    files.map(({ name, content }) => ({
      name,
      content: changes
        .filter((change) => change.file === name && (change.side ?? side) === side)
        .reduce((text, { from, to }) => replaced(text, from, to), Buffer.from(content).toString()),
    })),
  );
}

function replaced(text: string, from: string | RegExp, to: string): string {
  const edit = text.replace(from, to);
  if (edit === text) throw new Error(`nothing to replace: ${String(from)}`);
  return edit;
}
