import { columnTable } from '../columns.ts';
import type { ReadPod } from '../read-values.ts';
import type { Reader } from '../reader.ts';

/** Reads the table of `kubectl get pods`, with `-A` or without, with `-o wide` or without (seen: kubectl 1.8 to 1.30). */
export const kubectlPods: Reader = {
  title: 'kubectl get pods',
  read: (text) => {
    const table = columnTable(text, ['NAME', 'READY', 'STATUS', 'RESTARTS']);
    if (table === undefined) return undefined;
    const pods = table.rows.map((row): ReadPod => {
      const shown = (key: 'status' | 'address' | 'node', cell: string): Partial<ReadPod> =>
        cell === '' || cell === '<none>' ? {} : { [key]: cell };
      const namespace = row.cell('NAMESPACE') || 'default';
      return {
        namespace,
        name: row.cell('NAME'),
        ...shown('status', row.cell('STATUS')),
        ...shown('address', row.cell('IP')),
        ...shown('node', row.cell('NODE')),
        line: row.line,
      };
    });
    return { kind: 'Pods', pods, diagnostics: table.diagnostics };
  },
};
