import { addToGroup } from '../../common/add-to-group.ts';
import { joined, type Story } from '../claims.ts';
import type { PendingChange } from '../pending-change.ts';
import type { CauseRule } from '../rule.ts';
import { listed } from '../words.ts';

export const alike: CauseRule = { explain: withAlike };

/** Changes that say the same of several services or senders are one story: the first tells all, each under its own subject. */
export function withAlike(stories: readonly Story[]): readonly Story[] {
  const groups = new Map<string, Story[]>();
  for (const story of stories) {
    const { id, severity, effect, certainty, alike: said, cause } = story.change;
    if (said !== undefined && cause === undefined) addToGroup(groups, [id, severity, effect, certainty, said.key].join('|'), story);
  }
  const together = [...groups.values()].filter(([first, ...others]) => others.length + 1 >= (first?.change.alike?.least ?? Infinity));
  const taken = new Set(together.flatMap(([, ...others]) => others));
  const tellers = new Map(
    together.flatMap(([first, ...others]) => (first === undefined ? [] : [[first, toldOfAll(first, others)] as const])),
  );
  return stories.filter((story) => !taken.has(story)).map((story) => tellers.get(story) ?? story);
}

function toldOfAll(first: Story, others: readonly Story[]): Story {
  return joined(
    {
      ...first,
      change: tellerOf(
        first.change,
        others.map(({ change }) => change),
      ),
    },
    others,
  );
}

function tellerOf(first: PendingChange, others: readonly PendingChange[]): PendingChange {
  const names = [...new Set([first, ...others].flatMap((change) => change.alike?.names ?? []))];
  const groups = [first, ...others].flatMap(({ alike: said }) => said?.groups ?? []);
  const told = first.details ?? [];
  const because = others.flatMap(({ details = [] }) =>
    details.filter(({ label, text: why }) => label === 'because' && !told.some((one) => one.text === why)),
  );
  const kept = told.findLastIndex(({ label }) => label === 'because') + 1 || told.length;
  return {
    ...first,
    text: first.alike?.text(names, groups) ?? first.text,
    details: [
      ...told.slice(0, kept),
      ...because,
      ...told.slice(kept),
      ...(names.length > SHOWN ? [{ label: 'services' as const, text: listed(names, 12) }] : []),
    ],
    origins: [first, ...others].flatMap(({ origins }) => origins).slice(0, 6),
  };
}

/** Names that a sentence holds. */
const SHOWN = 4;
