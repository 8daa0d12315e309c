import { addToGroup } from '../../common/add-to-group.ts';
import type { Origin } from '../../state/origin.ts';
import { joined, type Story } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { comparesServedPlaces, inOneMode } from '../node/served-mode.ts';
import type { PendingChange } from '../pending-change.ts';
import type { CauseRule } from '../rule.ts';
import { whatHappenedTo } from '../rules/nft-tables.ts';
import { judgeServed } from '../services/served-frontends.ts';
import { counted, listed } from '../words.ts';

export const foreignNft: CauseRule = { explain: withForeignNft };

/** The side that shows which rules stop connections to a service, by the change of the service. */
const STOPPED_ON: ReadonlyMap<string, 'before' | 'after'> = new Map([
  ['kube.frontend.lost', 'after'],
  ['kube.frontend.gained', 'before'],
]);

/** Services whose connections a rule of a table of nft stops, or stopped, are told once with what became of the table. */
function withForeignNft(stories: readonly Story[], comparison: Comparison): readonly Story[] {
  const tables = stories.filter(({ change }) => change.subject.kind === 'nft.table');
  // A change of the mode is answered service by service.
  if (tables.length === 0 || !inOneMode(comparison)) return stories;
  const owned = new Map<Story, Story[]>();
  for (const story of [...stories, ...servedOtherwise(tables, comparison)]) {
    const table = tables.find((one) => decides(one.change, story.change));
    if (table !== undefined) addToGroup(owned, table, story);
  }
  const taken = new Set([...owned.values()].flat());
  return stories
    .filter((story) => !taken.has(story))
    .map((story) => {
      const services = owned.get(story);
      return services === undefined ? story : joined({ ...story, change: ofServices(story.change, services, comparison) }, services);
    });
}

/** In ipvs and iptables mode services are told by their own tables: what becomes of connections is asked for the foreign ones alone. */
function servedOtherwise(tables: readonly Story[], comparison: Comparison): readonly Story[] {
  if (comparesServedPlaces(comparison) || tables.every(({ change }) => change.effect === 'none')) return [];
  return judgeServed(comparison, false).map((change) => ({ change, parts: [] }));
}

/** Whether all rules that decide about the connections of a service now, or did, are in a table. */
function decides(table: PendingChange, { id, cause, origins }: PendingChange): boolean {
  const side = STOPPED_ON.get(id);
  const places = origins.filter((one) => one.side === side);
  const span = table.origins.find((one) => one.side === side);
  return cause === undefined && span !== undefined && places.length > 0 && places.every(({ origin }) => isWithin(origin, span.origin));
}

function isWithin({ part, lines: [first, last] }: Origin, span: Origin): boolean {
  return part === span.part && span.lines[0] <= first && last <= span.lines[1];
}

/** What is lost is told where a table lets others through besides. */
function ofServices(table: PendingChange, services: readonly Story[], { differences }: Comparison): PendingChange {
  const lost = services.filter(({ change }) => change.effect === 'lost');
  const told = lost.length > 0 ? lost : services;
  const names = [...new Set(told.map(({ change }) => change.subject.name))].sort();
  const difference = differences.nft.find(({ name }) => name === table.subject.name);
  return {
    ...table,
    ...(lost.length > 0 ? { severity: 'critical', effect: 'lost' } : {}),
    text: `${difference === undefined ? table.text : whatHappenedTo(difference)}; it ${lost.length > 0 ? 'stops' : 'no longer stops'} connections to ${counted(names.length, 'service port')}`,
    details: [{ label: 'services', text: listed(names, 12) }, ...(table.details ?? []).filter(({ label }) => label !== 'services')],
  };
}
