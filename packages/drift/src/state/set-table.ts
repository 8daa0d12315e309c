import type { IpSet } from '@netdrift/ipset';
import { lacksAlike, lacksRows, whyLacksRows } from '../read/completeness.ts';
import { CUT } from '../read/missing-parts.ts';
import type { Part } from '../read/snapshot.ts';
import { originOf } from './ipvs-table.ts';
import type { IpSetEntry, IpSetMember, SetTable, ViewDisagreement } from './model.ts';
import { memberText } from './set-member.ts';

/** Options that say how a set is kept in memory, not what it holds. */
const STORAGE = new Set(['hashsize', 'bucketsize', 'initval', 'maxelem']);

/** The ip sets from all views of them. */
export function setTable(parts: readonly Part[], disagreements: ViewDisagreement[]): SetTable | undefined {
  const views = parts.filter((part) => part.content.kind === 'sets').map((part) => ({ part, sets: setsOf(part) }));
  if (views.length === 0) return undefined;
  const sets = new Map<string, IpSetEntry>();
  for (const view of views) {
    for (const [name, set] of view.sets) {
      const known = sets.get(name);
      if (known === undefined) sets.set(name, set);
      else if (known.members === undefined) sets.set(name, { ...set, origin: known.origin });
      else if (set.members !== undefined && !sameKeys(known.members, set.members)) {
        disagreements.push({
          subject: `set ${name}`,
          text: `the members of set ${name} differ between ${parts[known.origin.part]?.source ?? 'two listings'} and ${view.part.source}`,
          origins: [known.origin, set.origin],
        });
      }
    }
  }
  const complete = views.some(({ part }) => part.completeness.state === 'complete');
  const isCut = !complete && views.every(({ part }) => lacksRows(part.completeness));
  return {
    sets,
    complete,
    ...(isCut ? { lacksRows: true } : {}),
    ...(views.every(({ part }) => lacksAlike(part.completeness)) ? { alike: true } : {}),
    origins: views.map((view) => view.part.index),
  };
}

function setsOf(part: Part): Map<string, IpSetEntry> {
  const sets = new Map<string, IpSetEntry>();
  if (part.content.kind !== 'sets') return sets;
  for (const [index, set] of part.content.value.sets.entries()) sets.set(set.name, setEntry(set, part, index));
  return sets;
}

function setEntry(set: IpSet, part: Part, index: number): IpSetEntry {
  const isCut = part.lastRow !== undefined && set.span.end >= part.lastRow;
  const partialBecause = set.members === undefined ? undefined : isCut ? CUT : whyLacksRows(part.completeness, { sets: index });
  const origin = originOf(part, set.span);
  const options = new Map<string, string>();
  for (const [name, value] of Object.entries(set.options ?? {}).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (value !== undefined && !STORAGE.has(name)) options.set(name, JSON.stringify(value));
  }
  const { family, initval } = set.options ?? {};
  return {
    name: set.name,
    ...(set.type === undefined ? {} : { type: set.type }),
    ...(family === undefined ? {} : { family }),
    options,
    ...(initval === undefined ? {} : { initval: String(initval) }),
    ...(set.members === undefined ? {} : { members: membersOf(set.members, part) }),
    ...(partialBecause === undefined ? {} : { partialBecause }),
    origin,
  };
}

function membersOf(members: NonNullable<IpSet['members']>, part: Part): Map<string, IpSetMember> {
  return new Map(
    members
      .filter(({ span }) => part.lastRow === undefined || span.end < part.lastRow)
      .map((member) => {
        const elements = member.kind === 'Member' ? member.elements : [];
        const wildcard = member.kind === 'Member' && member.wildcard === true;
        const except = member.kind === 'Member' && member.nomatch === true;
        return [memberText(member), { elements, except, ...(wildcard ? { wildcard } : {}), origin: originOf(part, member.span) }];
      }),
  );
}

function sameKeys(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean {
  if (one.size !== other.size) return false;
  for (const key of one.keys()) if (!other.has(key)) return false;
  return true;
}
