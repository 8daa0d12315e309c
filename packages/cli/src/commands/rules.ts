import { CATALOGUE, type CatalogueEntry } from '@netdrift/drift';
import { NOTHING } from '../exit-status.ts';
import { StandardOutput } from '../output/standard-output.ts';

/** Options of `netdrift rules`. */
export interface RulesOptions {
  readonly format: 'text' | 'json';
}

/** What `netdrift rules --format json` prints. */
export interface RulesDocument {
  readonly schemaVersion: '1.0';
  readonly rules: readonly CatalogueEntry[];
}

/** `netdrift rules`: the catalogue of ids; gives the exit status. */
export async function rules({ format }: RulesOptions): Promise<number> {
  await new StandardOutput().write(format === 'json' ? asJson() : [...CATALOGUE.values()].map(asText).join(''));
  return NOTHING;
}

function asJson(): string {
  const document: RulesDocument = { schemaVersion: '1.0', rules: [...CATALOGUE.values()] };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function asText({ id, severity, title, why }: CatalogueEntry): string {
  return `${severity.padEnd(9)}  ${id}\n           ${title}: ${why}\n`;
}
