import type { Diagnostic } from '@netdrift/core';
import { columnTable, listCell } from '../columns.ts';
import { cutList } from '../diagnostics.ts';
import type { Reader } from '../reader.ts';
import type { ReadEndpointSlice } from '../read-values.ts';

/**
 * Reads the table of `kubectl get endpointslices`, with `-A` or without.
 *
 * Limits: the table shows ports without their names and at most three of ports and addresses; which service a slice belongs to
 * is told by its name alone, which begins with the service's.
 */
export const kubectlEndpointSlices: Reader = {
  title: 'kubectl get endpointslices',
  read: (text) => {
    const table = columnTable(text, ['NAME', 'ADDRESSTYPE', 'PORTS', 'ENDPOINTS']);
    if (table === undefined) return undefined;
    const diagnostics: Diagnostic[] = [...table.diagnostics];
    const slices = table.rows.map((row): ReadEndpointSlice => {
      const ports = shownPart(row.cell('PORTS'));
      const addresses = shownPart(row.cell('ENDPOINTS'));
      const name = row.cell('NAME');
      if (ports.cut || addresses.cut) diagnostics.push(cutList(`endpoint slice ${name}`, lineSpan(text, row.line)));
      return {
        namespace: row.cell('NAMESPACE') || 'default',
        name,
        ports: ports.values.map(Number).filter((port) => Number.isInteger(port)),
        addresses: addresses.values,
        cut: ports.cut || addresses.cut,
        line: row.line,
      };
    });
    return { kind: 'EndpointSlices', slices, diagnostics };
  },
};

/** `10.0.0.1,10.0.0.2 + 3 more...` */
function shownPart(cell: string): { readonly values: readonly string[]; readonly cut: boolean } {
  const [shown = '', more] = cell.split(' + ');
  return { values: listCell(shown), cut: more !== undefined };
}

/** From the first to the last character of a line, which counts from 1. */
function lineSpan(text: string, line: number): { readonly start: number; readonly end: number } {
  let start = 0;
  for (let number = 1; number < line; number++) start = text.indexOf('\n', start) + 1;
  const feed = text.indexOf('\n', start);
  return { start, end: feed < 0 ? text.length : feed };
}
