import { UNKNOWN_TABLE } from '../recognise.ts';
import type { Reading } from '../seen-files.ts';
import type { PartContent } from '../snapshot.ts';

/**
 * One side of a diff with what the other one tells of it: the table that its rules are of, and things that both have although this side
 * shows no line of them. A side that shows nothing at all has none of what the other one shows.
 */
export function completedBy(own: readonly Reading[], others: readonly Reading[]): Reading[] {
  if (own.length === 0) {
    return others.flatMap(({ part }) => {
      const content = emptied(part.content);
      return content === undefined ? [] : [{ part: { ...part, content } }];
    });
  }
  return own.map(({ part, ...rest }) => {
    const other = others.find(({ part: { content } }) => content.kind === part.content.kind);
    return { part: other === undefined ? part : { ...part, content: completed(part.content, other.part.content) }, ...rest };
  });
}

function emptied(content: PartContent): PartContent | undefined {
  switch (content.kind) {
    case 'ipvs':
      return { kind: 'ipvs', value: { ...content.value, services: [] } };
    case 'sets':
      return { kind: 'sets', value: { ...content.value, sets: [] } };
    case 'rules':
      return { ...content, value: { ...content.value, tables: content.value.tables.map((table) => ({ ...table, chains: [] })) } };
    default:
      return undefined;
  }
}

function completed(own: PartContent, other: PartContent): PartContent {
  if (own.kind === 'sets' && other.kind === 'sets') {
    const names = new Set(own.value.sets.map(({ name }) => name));
    // `add KUBE-X 10.0.0.1` alone: its set is on both sides, or the diff would show that it was made.
    const shared = other.value.sets
      .filter(({ name, type }) => type === undefined && !names.has(name))
      .map((set) => ({ ...set, members: [] }));
    return { kind: 'sets', value: { ...own.value, sets: [...own.value.sets, ...shared] } };
  }
  if (own.kind !== 'rules' || other.kind !== 'rules') return own;
  const tableNames = own.tableNames.map((name, index) => (name === UNKNOWN_TABLE ? (other.tableNames[index] ?? name) : name));
  const tables = own.value.tables.map((table, index) => {
    const names = new Set(table.chains.map(({ name }) => name));
    const shared = (other.value.tables[index]?.chains ?? [])
      .filter(({ name, undeclared }) => undeclared === true && !names.has(name))
      .map((chain) => ({ ...chain, rules: [] }));
    return { ...table, chains: [...table.chains, ...shared] };
  });
  return { ...own, value: { ...own.value, tables }, tableNames };
}
