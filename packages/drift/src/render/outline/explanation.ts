import type { Explanation } from '../../explain/explain.ts';
import { leftOutText } from '../../read/moments/earlier-moments.ts';
import type { ServicePort } from '../../proxy/service-table.ts';
import { reasonText } from '../reports/fact-reason.ts';
import { serviceRows } from '../reports/service-rows.ts';
import type { Outline } from './outline-model.ts';
import { placedTroubles } from './placed-troubles.ts';

/** What the explanation of one node comes to: nothing is wrong in it, so it has notes alone. */
export function outlineOfExplanation(explanation: Explanation): Outline {
  const { summary, facts, servicePorts, noServices = 'No service is served', assumptions, troubles, leftOut } = explanation;
  return {
    command: 'explain',
    headline: `${summary}.`,
    verdict: troubles.length > 0 ? 'undecided' : 'no-change',
    troubles: placedTroubles(troubles),
    entries: [],
    notes: [
      ...facts.map((fact) => `${fact.title}: ${fact.text} (${reasonText(fact)})`),
      ...(servicePorts.length === 0 ? [noServices] : serviceNotes(servicePorts)),
      ...assumptions.map((assumption) => `if ${assumption}`),
      ...(leftOut === undefined ? [] : [leftOutText(leftOut)]),
    ],
  };
}

/** The table of services in sentences: each stands alone, so it names what its row leaves to the row above. */
function serviceNotes(servicePorts: readonly ServicePort[]): string[] {
  let [service, address] = ['', ''];
  return serviceRows(servicePorts).map((row) => {
    if (row.service !== '') service = row.service === '-' ? '' : row.service;
    if (row.address !== '') address = row.address;
    const from = row.from === '' ? '' : `from ${row.from}`;
    const source = row.source === '' ? '' : `source address ${row.source}`;
    return [service, address, from, row.leadsTo, source, row.notes].filter((part) => part !== '').join(', ');
  });
}
