import type { PartialThings } from '../section-completeness.ts';
import type { PartContent } from '../snapshot.ts';

interface Spanned {
  readonly span: { readonly start: number };
}

/** The things of an output that lines left out at these places may belong to: a thing ends where the next one begins. */
export function thingsAcross(content: PartContent, gaps: readonly number[]): PartialThings {
  switch (content.kind) {
    case 'ipvs':
      return { services: across(content.value.services, gaps) };
    case 'sets':
      return content.value.kind === 'IpsetSave' ? { sets: [...content.value.sets.keys()] } : { sets: across(content.value.sets, gaps) };
    case 'rules': {
      const { value, tableNames } = content;
      const chains = value.tables.flatMap((table, index) =>
        table.chains.map(({ name, span }) => ({ name: `${tableNames[index] ?? ''} ${name}`, span })),
      );
      return { chains: across(chains, gaps).map((place) => chains[place]?.name ?? '') };
    }
    default:
      return {};
  }
}

function across(things: readonly Spanned[], gaps: readonly number[]): number[] {
  return [...new Set(gaps.map((gap) => things.findLastIndex(({ span }) => span.start < gap)).filter((place) => place >= 0))];
}
