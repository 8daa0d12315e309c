import { addToGroup } from '../add-to-group.ts';
import type { Part, PartContent, Snapshot } from './snapshot.ts';

/** A snapshot taken apart into two sides. */
export interface SplitSnapshot {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Outputs that stand between the first and the last of their kind: they belong to neither side. */
  readonly between: readonly Part[];
}

/**
 * Takes a transcript that holds both sides of a comparison apart.
 *
 * Where it shows each output once for each of two hosts, the first host is `before`. Else the first of each output is `before` and the last
 * one `after`: outputs of one command, or of one table by two commands. An output that is there once belongs to the side among
 * whose outputs it stands, and has nothing to be compared with. Where nothing is there twice, or outputs of several hosts are, `before.troubles` says so.
 *
 * @example
 * const { before, after } = splitSnapshot(readSnapshot([{ name: 'ticket.txt', content: paste }]));
 * diffSnapshots(before, after).verdict // => 'drift'
 */
export function splitSnapshot(snapshot: Snapshot): SplitSnapshot {
  const outputs = snapshot.parts.filter(({ content }) => content.kind !== 'unknown');
  const byHost = sidesByHost(outputs);
  const sides = byHost ?? sidesByOrder(outputs);
  const side = (wanted: Side): Part[] => outputs.filter((part) => sides.get(part) === wanted);
  const before = side('before');
  const after = side('after');
  const paired = byHost !== undefined || after.some((part) => before.some((other) => outputOf(other) === outputOf(part)));
  const hosts = byHost === undefined ? hostsOn(before, after) : [];
  const alone = { code: 'snapshot/nothing-twice', message: 'shows no output twice, and none of two hosts: there is nothing to compare' };
  const mixed = { code: 'snapshot/several-hosts', message: `shows outputs of ${hosts.slice(0, 5).join(', ')} more than once: a comparison is of one host; leave the others out` };
  const troubles = [...(paired ? [] : [alone]), ...(hosts.length > 1 ? [mixed] : [])];
  return {
    before: { parts: renumbered(before), troubles: [...snapshot.troubles, ...troubles] },
    after: { parts: renumbered(after), troubles: [] },
    between: side('between'),
  };
}

/** The hosts of which both sides show an output. */
function hostsOn(before: readonly Part[], after: readonly Part[]): readonly string[] {
  const hosts = new Set(before.flatMap(({ host }) => host ?? []));
  return [...hosts].filter((host) => after.some((part) => part.host === host));
}

type Side = 'before' | 'after' | 'between';

function sidesByHost(outputs: readonly Part[]): ReadonlyMap<Part, Side> | undefined {
  const [first, second, ...others] = new Set(outputs.map((part) => part.host));
  if (first === undefined || second === undefined || others.length > 0) return undefined;
  const seen = outputs.map((part) => `${part.host} ${commandOf(part)}`);
  if (new Set(seen).size < seen.length) return undefined;
  return new Map(outputs.map((part) => [part, part.host === first ? 'before' : 'after']));
}

function sidesByOrder(outputs: readonly Part[]): ReadonlyMap<Part, Side> {
  const sides = new Map<Part, Side>();
  const pair = (keyOf: (part: Part) => string): void => {
    for (const group of groups(outputs.filter((part) => !sides.has(part)), keyOf)) {
      if (group.length < 2) continue;
      for (const [place, part] of group.entries()) sides.set(part, place === 0 ? 'before' : place === group.length - 1 ? 'after' : 'between');
    }
  };
  pair(commandOf);
  pair(outputOf);
  const firstAfter = outputs.findIndex((part) => sides.get(part) === 'after');
  for (const [place, part] of outputs.entries()) if (!sides.has(part)) sides.set(part, firstAfter < 0 || place < firstAfter ? 'before' : 'after');
  return sides;
}

/** What an output shows, of which host. */
function outputOf({ host, title }: Part): string {
  return JSON.stringify([host, title]);
}

/** The same, and in which form. */
function commandOf(part: Part): string {
  return JSON.stringify([part.host, part.title, part.command ?? formOf(part.content)]);
}

function formOf(content: PartContent): string {
  if (content.kind !== 'rules' && content.kind !== 'ipvs' && content.kind !== 'sets' && content.kind !== 'modules') return '';
  const { value } = content;
  return JSON.stringify([value.kind, 'layout' in value ? value.layout : undefined]);
}

function groups(parts: readonly Part[], keyOf: (part: Part) => string): Iterable<Part[]> {
  const found = new Map<string, Part[]>();
  for (const part of parts) {
    const key = keyOf(part);
    addToGroup(found, key, part);
  }
  return found.values();
}

function renumbered(parts: readonly Part[]): Part[] {
  return parts.map((part, index) => ({ ...part, index }));
}
