import { firstNames } from '../common/first-names.ts';
import type { IpSetEntry, SetTable } from '../state/model.ts';
import type { SetDifference, SetMemberDifference, SetsDifference } from './difference.ts';

/** Compares ip sets by name and members by what they stand for. Order, sizes and reference counts mean nothing. */
export function compareSets(before: SetTable, after: SetTable): SetsDifference {
  const changed: SetDifference[] = [];
  for (const [name, set] of before.sets) {
    const other = after.sets.get(name);
    const difference = other === undefined ? undefined : compareSet(set, other, before.lacksRows === true, after.lacksRows === true);
    if (difference !== undefined) changed.push(difference);
  }
  return {
    added: showsAll(before) ? missingFrom(before, after) : [],
    removed: showsAll(after) ? missingFrom(after, before) : [],
    changed,
  };
}

/** Whether what a listing lacks is not there, as far as the other side can show it. */
function showsAll({ complete, alike }: SetTable): boolean {
  return complete || alike === true;
}

function missingFrom(one: SetTable, other: SetTable): IpSetEntry[] {
  return [...other.sets.values()].filter(({ name }) => !one.sets.has(name));
}

/** Sets that one side alone shows while the other does not show all it has: they are neither gone nor new. In sentences. */
export function setsNotCompared(before: SetTable, after: SetTable): string[] {
  const alone = (one: SetTable, other: SetTable, side: string, cut: string): string[] => {
    const names = showsAll(other) ? [] : missingFrom(other, one).map(({ name }) => name);
    return names.length === 0
      ? []
      : [`${listed(names)} ${names.length === 1 ? 'is' : 'are'} listed by ${side} alone, and ${cut} does not show all sets`];
  };
  const cut = (one: SetTable, other: SetTable, side: string, lacking: string): string[] => {
    if (other.lacksRows !== true) return [];
    const names = [...one.sets.values()].filter((set) => onlyIn(set, other.sets.get(set.name) ?? set).length > 0).map(({ name }) => name);
    return names.length === 0 ? [] : [`some members of ${listed(names)} are listed by ${side} alone, and ${lacking} lacks lines`];
  };
  return [
    ...alone(before, after, 'before', 'after'),
    ...alone(after, before, 'after', 'before'),
    ...cut(before, after, 'before', 'after'),
    ...cut(after, before, 'after', 'before'),
  ];
}

function listed(names: readonly string[]): string {
  return `${names.length === 1 ? 'set' : 'sets'} ${firstNames(names, 5)}`;
}

/** Sets whose members one side alone shows: whether they changed cannot be told. In sentences. */
export function membersNotCompared(before: SetTable, after: SetTable): string[] {
  const alone = (one: SetTable, other: SetTable, side: string): string[] => {
    const names = [...one.sets.values()]
      .filter(({ name, members }) => (members?.size ?? 0) > 0 && other.sets.has(name) && other.sets.get(name)?.members === undefined)
      .map(({ name }) => name);
    return names.length === 0 ? [] : [`the members of ${listed(names)} are listed by ${side} alone`];
  };
  return [...alone(before, after, 'before'), ...alone(after, before, 'after')];
}

/** A member that a side may have lost on the way here is neither gone nor new. */
function compareSet(before: IpSetEntry, after: IpSetEntry, beforeIsCut: boolean, afterIsCut: boolean): SetDifference | undefined {
  const shown = before.members !== undefined && after.members !== undefined;
  const membersAdded = shown && !beforeIsCut ? onlyIn(after, before) : [];
  const membersRemoved = shown && !afterIsCut ? onlyIn(before, after) : [];
  const redefined = definition(before) !== definition(after);
  const recreated = before.initval !== undefined && after.initval !== undefined && before.initval !== after.initval;
  if (membersAdded.length + membersRemoved.length === 0 && !redefined && !recreated) return undefined;
  return { before, after, membersAdded, membersRemoved, redefined, recreated };
}

function onlyIn(one: IpSetEntry, other: IpSetEntry): SetMemberDifference[] {
  const members: SetMemberDifference[] = [];
  for (const [member, { origin }] of one.members ?? []) if (other.members?.has(member) === false) members.push({ member, origin });
  return members;
}

function definition(set: IpSetEntry): string {
  return [set.type ?? '', ...[...set.options].map(([name, value]) => `${name} ${value}`)].join(' ');
}
