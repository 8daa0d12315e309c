import type { Chain, Flowtable, NftMap, NftSet, Rule, Table, TableObject } from '../ast/ruleset.ts';
import type { ChainDraft, ObjectDraft, SetDraft, Shown, TableDraft } from './drafts.ts';
import { asWritten, isManaged, withoutGaps } from './managed.ts';
import { toPriority } from './priorities.ts';

/** The finished table, its keys in the order in which nft prints them. `source` is the text of a listing; JSON has none. */
export function toTable(draft: TableDraft, shown: Shown, source?: string): Table {
  const { family, name, handle, owner, flags, comment, span, hasBlock } = draft;
  const managed = isManaged(draft);
  return {
    kind: 'Table',
    family,
    name,
    ...(handle === undefined ? {} : { handle }),
    ...(owner === undefined ? {} : { owner }),
    ...(flags === undefined ? {} : { flags }),
    ...(comment === undefined ? {} : { comment }),
    ...(managed ? { managedBy: 'iptables-nft' as const } : {}),
    ...(hasBlock ? contentOf(draft, shown, managed, source) : {}),
    span: { ...span },
  };
}

function contentOf(
  draft: TableDraft,
  shown: Shown,
  managed: boolean,
  source: string | undefined,
): Pick<Table, 'objects' | 'sets' | 'flowtables' | 'chains'> {
  return {
    objects: [...draft.objects.values()].map(toObject),
    sets: [...draft.sets.values()].map((set) => toSet(set, shown)),
    flowtables: [...draft.flowtables.values()].map((flowtable) => toFlowtable(flowtable, draft)),
    chains: [...draft.chains.values()].map((chain) =>
      toChain(chain, draft, shown, managed ? (rule) => asWritten(rule, source) : withoutGaps),
    ),
  };
}

function toChain(
  { name, handle, comment, hook, policy, flags, rules, span }: ChainDraft,
  table: TableDraft,
  shown: Shown,
  finishRule: (rule: Rule) => Rule,
): Chain {
  return {
    kind: 'Chain',
    name,
    ...(handle === undefined ? {} : { handle }),
    ...(comment === undefined ? {} : { comment }),
    ...(hook === undefined ? {} : { hook: { ...hook, priority: toPriority(hook.priority, table.family) } }),
    ...(policy === undefined ? {} : { policy }),
    ...(flags === undefined ? {} : { flags }),
    ...(shown.rules ? { rules: rules.map(finishRule) } : {}),
    span: { ...span },
  };
}

function toSet({ kind, name, handle, head, elements, elementsPerLine, span }: SetDraft, shown: Shown): NftSet | NftMap {
  const known = elements ?? (shown.elements ? [] : undefined);
  return {
    kind,
    name,
    ...(handle === undefined ? {} : { handle }),
    ...head,
    ...(elementsPerLine === undefined ? {} : { elementsPerLine }),
    ...(known === undefined ? {} : { elements: known }),
    span: { ...span },
  };
}

function toObject({ type, name, handle, comment, settings, span }: ObjectDraft): TableObject {
  return {
    kind: 'Object',
    type,
    name,
    ...(handle === undefined ? {} : { handle }),
    ...(comment === undefined ? {} : { comment }),
    ...(settings.length === 0 ? {} : { settings }),
    span: { ...span },
  };
}

function toFlowtable({ name, handle, settings, span }: ObjectDraft, { family }: TableDraft): Flowtable {
  const value = (setting: string): string | undefined => settings.find((one) => one.name === setting)?.value;
  const priority = value('priority');
  const [first = '', sign, distance] = priority?.split(' ') ?? [];
  const base = /^-?[0-9]{1,10}$/.test(first) ? { value: Number(first) } : { name: first };
  const offset = distance === undefined ? {} : { offset: sign === '-' ? -Number(distance) : Number(distance) };
  const words = (text: string | undefined): readonly string[] | undefined =>
    text
      ?.replaceAll(/[={}"\s]/g, '')
      .split(',')
      .filter((word) => word !== '');
  const hook = value('hook');
  const devices = words(value('devices'));
  const flags = words(value('flags'));
  return {
    kind: 'Flowtable',
    name,
    ...(handle === undefined ? {} : { handle }),
    ...(hook === undefined ? {} : { hook }),
    ...(priority === undefined ? {} : { priority: toPriority({ ...base, ...offset }, family) }),
    ...(devices === undefined ? {} : { devices }),
    ...(flags === undefined ? {} : { flags }),
    ...(settings.some((setting) => setting.name === 'counter') ? { counter: true as const } : {}),
    span: { ...span },
  };
}
