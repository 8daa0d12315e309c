import { listed } from '../words.ts';

/**
 * What is said of one endpoint of a service: that the service lost or gained it, what the service does (`has no usable endpoint left`), or
 * what is so of it (`10.0.0.1:80 has weight 0 (was 1)`).
 */
export type EndpointClause =
  { readonly kind: 'lost' | 'gained'; readonly endpoint: string } | { readonly kind: 'does' | 'so'; readonly text: string };

type Said = Extract<EndpointClause, { readonly text: string }>;

/** Clauses that one sentence names before the rest becomes a number. */
const MOST = 4;

/**
 * One sentence for all that happened to the endpoints of a service; those that it lost, and those that it gained, are named in one list
 * each.
 *
 * @example
 * endpointSentence('default/web', [{ kind: 'lost', endpoint: '10.0.0.1:80' }]) // => 'default/web lost the endpoint 10.0.0.1:80'
 */
export function endpointSentence(label: string, clauses: readonly EndpointClause[]): string {
  const named = (['lost', 'gained'] as const).flatMap((verb): Said[] => {
    const endpoints = clauses.flatMap((clause) => (clause.kind === verb ? [clause.endpoint] : []));
    return endpoints.length === 0
      ? []
      : [{ kind: 'does', text: `${verb} the endpoint${endpoints.length === 1 ? '' : 's'} ${listed(endpoints)}` }];
  });
  const [first, ...rest] = [...named, ...clauses.flatMap((clause) => (clause.kind === 'does' || clause.kind === 'so' ? [clause] : []))];
  if (first === undefined) return label;
  const texts = rest.map(({ kind, text }) => (kind === 'does' ? `it ${text}` : text));
  const shown = texts.length >= MOST ? [...texts.slice(0, MOST - 2), `${texts.length - MOST + 2} more changes of its endpoints`] : texts;
  return [first.kind === 'does' ? `${label} ${first.text}` : `${label}: ${first.text}`, ...shown].join('; ');
}
