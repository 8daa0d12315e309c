import { columnTable, listCell } from '../columns.ts';
import type { Reader } from '../reader.ts';
import type { ReadPort } from '../read-values.ts';

/**
 * Reads the table of `kubectl get svc`, with `-A` or without, with `-o wide` or without (seen: kubectl 1.8 to 1.30).
 *
 * Limits: the table has no names of ports, and a headless service shows `None` and gives no address.
 */
export const kubectlServices: Reader = {
  title: 'kubectl get svc',
  read: (text) => {
    const table = columnTable(text, ['NAME', 'CLUSTER-IP', 'PORT(S)']);
    if (table === undefined) return undefined;
    const services = table.rows.map((row) => {
      const type = row.cell('TYPE');
      return {
        namespace: row.cell('NAMESPACE') || 'default',
        name: row.cell('NAME'),
        ...(type === '' ? {} : { type }),
        clusterIps: listCell(row.cell('CLUSTER-IP')).filter((address) => address !== 'None'),
        externalIps: listCell(row.cell('EXTERNAL-IP')).filter((address) => address !== 'nodes'),
        ports: listCell(row.cell('PORT(S)'))
          .map(readPort)
          .filter((port) => port !== undefined),
        line: row.line,
      };
    });
    return { kind: 'Services', services, diagnostics: table.diagnostics };
  },
};

/** `80/TCP`, `80:30080/TCP`, `53/UDP`. */
function readPort(text: string): ReadPort | undefined {
  const found = /^(\d+)(?::(\d+))?\/([A-Za-z]+)$/.exec(text);
  if (found === null) return undefined;
  const [, port, nodePort, protocol] = found;
  return {
    port: Number(port),
    protocol: (protocol as string).toLowerCase(),
    ...(nodePort === undefined || nodePort === '0' ? {} : { nodePort: Number(nodePort) }),
  };
}
