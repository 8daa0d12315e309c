import { columnTable } from '../columns.ts';
import type { ReadNode } from '../read-values.ts';
import type { Reader } from '../reader.ts';

/** Reads the table of `kubectl get nodes`, with `-o wide` or without (seen: kubectl 1.8 to 1.30). */
export const kubectlNodes: Reader = {
  title: 'kubectl get nodes',
  read: (text) => {
    const table = columnTable(text, ['NAME', 'STATUS', 'AGE', 'VERSION']);
    if (table === undefined) return undefined;
    const nodes = table.rows.map((row): ReadNode => {
      const addresses = ['INTERNAL-IP', 'EXTERNAL-IP'].map((heading) => row.cell(heading));
      return {
        name: row.cell('NAME'),
        status: row.cell('STATUS'),
        version: row.cell('VERSION'),
        addresses: addresses.filter((address) => /^[\da-f]*[.:][\da-f.:]+$/i.test(address)),
        line: row.line,
      };
    });
    return { kind: 'Nodes', nodes, diagnostics: table.diagnostics };
  },
};
