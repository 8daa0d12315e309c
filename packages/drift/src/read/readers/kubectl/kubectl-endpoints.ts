import { columnTable, listCell } from '../columns.ts';
import type { Reader } from '../reader.ts';

/** Reads the table of `kubectl get endpoints`. The table shows at most three addresses and says how many it left out. */
export const kubectlEndpoints: Reader = {
  title: 'kubectl get endpoints',
  read: (text) => {
    const table = columnTable(text, ['NAME', 'ENDPOINTS']);
    if (table === undefined || table.headings.includes('ADDRESSTYPE')) return undefined;
    const endpoints = table.rows.map((row) => {
      const [shown = '', more] = row.cell('ENDPOINTS').split(' + ');
      return {
        namespace: row.cell('NAMESPACE') || 'default',
        name: row.cell('NAME'),
        addresses: listCell(shown),
        cut: more !== undefined,
        line: row.line,
      };
    });
    return { kind: 'Endpoints', endpoints, diagnostics: table.diagnostics };
  },
};
