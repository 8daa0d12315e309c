import type { Diagnostic } from '@netdrift/core';
import type { PartialThings } from './section-completeness.ts';
import type { ParsedSection } from './parse-section.ts';
import { tableNamesOf } from './recognise.ts';

interface Spanned {
  readonly span: { readonly start: number };
}

/**
 * The things in which lost lines stand: the service of a destination, the chain of a rule, the set of a member. `undefined` where one of
 * the lines may have been such a thing itself, with all that follows it.
 */
export function thingsAround(
  { value }: ParsedSection,
  lost: readonly Diagnostic[],
  text: string,
  table: string | undefined,
): PartialThings | undefined {
  const rows = lost.map(({ span }) => ({ at: span.start, line: lineAt(text, span.start) }));
  switch (value?.kind) {
    case 'IpvsadmListing':
    case 'IpvsadmSave': {
      // A destination below a service that could not be read is nobody's.
      if (lost.some(({ code }) => code === 'ipvsadm/orphan-destination') || rows.some(({ line }) => !/^\s*(?:->|-a )/.test(line)))
        return undefined;
      const services = placesOf(value.services, rows);
      return services === undefined ? undefined : { services };
    }
    case 'IptablesListing':
    case 'IptablesSave': {
      if (rows.some(({ line }) => /^\s*(?:Chain |[*:]|COMMIT|-[NP] )/.test(line))) return undefined;
      const names = tableNamesOf(value.tables, table);
      const chains = value.tables.flatMap((one, index) =>
        one.chains.map((chain) => ({ span: chain.span, name: `${names[index] ?? ''} ${chain.name}` })),
      );
      const places = value.kind === 'IptablesListing' ? placesOf(chains, rows) : undefined;
      return places === undefined ? undefined : { chains: places.map((place) => chains[place]?.name ?? '') };
    }
    case 'IpsetList':
    case 'IpsetSave': {
      if (rows.some(({ line }) => /^\s*(?:create |Name:|Type:|Header:)/.test(line))) return undefined;
      const sets = value.kind === 'IpsetList' ? placesOf(value.sets, rows) : undefined;
      return sets === undefined ? undefined : { sets };
    }
    default:
      return undefined;
  }
}

function lineAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset + 60);
}

/** For each row the last of the things that begin before it; `undefined` where one has none. */
function placesOf(things: readonly Spanned[], rows: readonly { readonly at: number }[]): number[] | undefined {
  const places = rows.map(({ at }) => things.findLastIndex(({ span }) => span.start < at));
  return places.includes(-1) ? undefined : [...new Set(places)];
}
