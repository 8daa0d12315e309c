import type { Change, Report } from '../report.ts';
import { type Story, toldByOthers } from './stories.ts';

/** What has no effect on traffic and no story tells: causes of such changes, and the changes that none explains. */
export function withoutEffect(report: Report): { readonly causes: readonly Story[]; readonly changes: readonly Change[] } {
  const told = toldByOthers(report);
  return {
    causes: report.causes
      .filter(({ severity }) => severity === 'none')
      .map(({ key, id, severity, text, details }) => {
        const changes = told.get(key) ?? [];
        return { id, name: changes[0]?.subject.name ?? id, severity, text, details, known: false, changes };
      }),
    changes: report.changes.filter(
      ({ severity, toldWith, cause, ignored }) => severity === 'none' && toldWith === undefined && cause === undefined && !ignored,
    ),
  };
}

/** How many changes are ignored, where there are such. */
export function ignoredNote({ changes }: Report): string[] {
  const ignored = changes.filter((change) => change.ignored).length;
  return ignored === 0 ? [] : [`${ignored} ${ignored === 1 ? 'change is' : 'changes are'} ignored`];
}
