import type { Explanation } from '../../explain/explain.ts';
import { serviceRows } from '../reports/service-rows.ts';
import type { Outline } from './outline-model.ts';

/** What the explanation of one node comes to: nothing is wrong in it, so it has notes alone. */
export function outlineOfExplanation({ summary, facts, servicePorts, noServices, assumptions, troubles }: Explanation): Outline {
  return {
    command: 'explain',
    headline: `${summary}.`,
    verdict: troubles.length > 0 ? 'undecided' : 'no-change',
    troubles: troubles.map(({ code, source, message }) => ({
      code,
      message,
      ...(source === undefined ? {} : { place: { source, lines: [1, 1] } }),
    })),
    entries: [],
    notes: [
      ...facts.map(({ title, text, because }) => `${title}: ${text} (${because})`),
      ...(noServices === undefined ? [] : [noServices]),
      ...serviceRows(servicePorts).map(({ service, address, from, leadsTo, source, notes }) =>
        [service, address, from === '' ? '' : `from ${from}`, leadsTo, source, notes].filter((part) => part !== '').join(', '),
      ),
      ...assumptions.map((assumption) => `if ${assumption}`),
    ],
  };
}
