import type { Section, Transcript } from '@netdrift/core';
import type { ParsedSection } from './parse-section.ts';
import { tableNamesOf } from './recognise.ts';
import type { PartialReason, PartialThings } from './section-completeness.ts';

/** How outputs begin that have a title: nothing of them can have been lost above it. */
const TITLED =
  /^(?:IP Virtual Server|Prot LocalAddress|IPVS connection|pro expire|# (?:Generated|Warning)|\*|Chain |Name: |create |table )/;

/**
 * Why lines that belong to no output make one partial: they stand in it, right behind its last row, or right before one that has no title,
 * so each may have been a row before it was damaged. Behind a blank line they are somebody's words, and where a command tells what was
 * asked, they are too.
 */
export function foreignLines(
  { sections, setAside }: Pick<Transcript, 'sections' | 'setAside'>,
  section: Section,
  parsed: ParsedSection,
): PartialReason[] {
  if (sections.some(({ command }) => command !== undefined)) return [];
  const foreign = setAside.filter(({ reason }) => reason === 'other' || reason === 'long-line').map(({ span }) => span);
  const { start, end } = section.span;
  const text = 'some lines are no part of an output';
  if (foreign.some((span) => span.start >= start && span.end <= end)) return [{ text, rows: true }];
  if (foreign.some((span) => span.end === start) && !TITLED.test(section.text)) return [{ text, rows: true }];
  if (!foreign.some((span) => span.start === end)) return [];
  const only = lastThing(parsed, section.table);
  return [{ text, rows: true, ...(only === undefined ? {} : { only }) }];
}

/** The thing at the end of an output, which a row behind it would belong to. */
function lastThing({ value }: ParsedSection, table: string | undefined): PartialThings | undefined {
  switch (value?.kind) {
    case 'IpvsadmListing':
    case 'IpvsadmSave':
      return { services: [value.services.length - 1] };
    case 'IptablesListing': {
      const last = value.tables.at(-1)?.chains.at(-1)?.name;
      return last === undefined ? undefined : { chains: [`${tableNamesOf(value.tables, table).at(-1) ?? ''} ${last}`] };
    }
    case 'IpsetList':
      return { sets: [value.sets.length - 1] };
    default:
      return undefined;
  }
}
