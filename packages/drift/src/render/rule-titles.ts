import { FINDING_CATALOGUE } from '../check/finding-catalogue.ts';
import { CATALOGUE } from '../judge/catalogue.ts';

const FINDINGS = new Map(FINDING_CATALOGUE.map((kind) => [kind.id, kind]));

/** What the catalogues say of an id. */
export function titleOf(id: string): { readonly title: string; readonly why: string } | undefined {
  return CATALOGUE.get(id) ?? FINDINGS.get(id);
}
