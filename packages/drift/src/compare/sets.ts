import type { IpSetEntry, SetTable } from '../model/model.ts';
import type { SetDifference, SetMemberDifference, SetsDifference } from './difference.ts';

/** Compares ip sets by name and members by what they stand for. Order, sizes and reference counts mean nothing. */
export function compareSets(before: SetTable, after: SetTable): SetsDifference {
  const changed: SetDifference[] = [];
  for (const [name, set] of before.sets) {
    const other = after.sets.get(name);
    const difference = other === undefined ? undefined : compareSet(set, other);
    if (difference !== undefined) changed.push(difference);
  }
  return {
    added: [...after.sets.values()].filter((set) => !before.sets.has(set.name)),
    removed: [...before.sets.values()].filter((set) => !after.sets.has(set.name)),
    changed,
  };
}

/** Sets whose members one side alone shows: whether they changed cannot be told. In sentences. */
export function membersNotCompared(before: SetTable, after: SetTable): string[] {
  const alone = (one: SetTable, other: SetTable, side: string): string[] => {
    const names = [...one.sets.values()].filter(({ name, members }) => (members?.size ?? 0) > 0 && other.sets.has(name) && other.sets.get(name)?.members === undefined).map(({ name }) => name);
    const shown = names.length > 5 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
    return names.length === 0 ? [] : [`the members of ${names.length === 1 ? 'set' : 'sets'} ${shown} are listed by ${side} alone`];
  };
  return [...alone(before, after, 'before'), ...alone(after, before, 'after')];
}

function compareSet(before: IpSetEntry, after: IpSetEntry): SetDifference | undefined {
  const shown = before.members !== undefined && after.members !== undefined;
  const membersAdded = shown ? onlyIn(after, before) : [];
  const membersRemoved = shown ? onlyIn(before, after) : [];
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
