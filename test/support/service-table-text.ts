import type { ServiceFrontend, ServicePath, ServiceTable } from '../../packages/drift/src/proxy/service-table.ts';

/**
 * A service table as lines, one for each service port, frontend and path, for comparing tables of different origin.
 *
 * The addresses a node port was seen on are left out, because only ipvs mode has them; so is what nothing can show of a frontend
 * that leads nowhere: policy, affinity, ranges.
 */
export function serviceTableLines(table: ServiceTable): string[] {
  return table.servicePorts.flatMap((servicePort) =>
    [...new Set(servicePort.frontends.map((frontend) => frontendLine(servicePort.name, frontend)))].sort(),
  );
}

function frontendLine(name: string, frontend: ServiceFrontend): string {
  const place = frontend.purpose === 'node port' ? `*:${frontend.port}` : `${frontend.addresses.join()}:${frontend.port}`;
  const facts = leadsSomewhere(frontend)
    ? [
        frontend.purpose === 'cluster IP' ? '' : frontend.policy,
        `affinity ${frontend.affinitySeconds}`,
        frontend.sourceRanges === undefined ? '' : `only ${frontend.sourceRanges.join(' ')}`,
      ]
    : [];
  const head = [name, frontend.purpose, frontend.protocol, place, `by ${frontend.by}`, ...facts]
    .filter((word) => word !== '' && word !== undefined)
    .join(' ');
  return [head, ...frontend.paths.map(pathText)].join('\n    ');
}

function leadsSomewhere(frontend: ServiceFrontend): boolean {
  return frontend.paths.some((path) => path.verdict === 'delivered');
}

function pathText({ from, verdict, endpoints, masqueraded, reason }: ServicePath): string {
  const shares = endpoints.map(({ address, share }) => `${address} ${(share * 100).toFixed(1)}%`).join(', ');
  const source = masqueraded === undefined ? '' : masqueraded ? 'masqueraded' : 'source kept';
  return [`${from}:`, verdict, shares, source, reason].filter((word) => word !== '' && word !== undefined).join(' ');
}

/** What one side has and the other has not, as a person reads it: `-` is asked for, `+` is found. */
export function differingLines(demanded: readonly string[], found: readonly string[]): string {
  const without = (lines: readonly string[], others: readonly string[], sign: string): string[] =>
    lines.filter((line) => !others.includes(line)).map((line) => line.replaceAll(/^/gm, sign));
  return [...without(demanded, found, '- '), ...without(found, demanded, '+ ')].map((line) => `${line}\n`).join('');
}
