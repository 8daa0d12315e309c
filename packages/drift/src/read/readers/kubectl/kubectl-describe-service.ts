import { type Diagnostic, type TextLine, textLines } from '@netdrift/core';
import { addToGroup } from '../../../common/add-to-group.ts';
import { append } from '../../../common/append.ts';
import { listCell } from '../columns.ts';
import { cutList } from '../diagnostics.ts';
import type { ObjectEndpointPort, ObjectPort, ObjectService } from '../read-object.ts';
import type { Reader } from '../reader.ts';

interface Field extends TextLine {
  readonly name: string;
  readonly value: string;
}

// Name:                     nginx-service
const FIELD = /^([A-Z][A-Za-z ]*): +(\S.*)$/;

/**
 * Reads `kubectl describe svc`, of one service or of several (kubectl 1.5 to 1.31).
 *
 * Limits: the endpoints of a port are cut after the third and say nothing of nodes; a service without a line `IP:` counts as
 * headless.
 */
export const kubectlDescribeService: Reader = {
  title: 'kubectl describe svc',
  read: (text) => {
    const groups = servicesIn(text);
    if (groups.length === 0) return undefined;
    const services: ObjectService[] = [];
    const endpointPorts: ObjectEndpointPort[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const fields of groups) {
      const service = serviceOf(fields);
      services.push(service);
      append(endpointPorts, endpointsOf(fields, service, diagnostics));
    }
    return { kind: 'Objects', services, endpointPorts, nodes: [], diagnostics };
  },
};

/** The fields of each service; a `Name:` begins the next one. Lines such as `...`, which people leave in, are no fields. */
function servicesIn(text: string): Field[][] {
  const groups: Field[][] = [];
  for (const line of textLines(text)) {
    const found = FIELD.exec(line.text);
    if (found === null) continue;
    const field = { ...line, name: found[1] as string, value: (found[2] as string).trim() };
    if (field.name === 'Name') groups.push([field]);
    else groups.at(-1)?.push(field);
  }
  return groups.filter((fields) => fields.some(({ name }) => name === 'Session Affinity' || name === 'Port'));
}

function serviceOf(fields: readonly Field[]): ObjectService {
  const value = (...names: readonly string[]): string => fields.find((field) => names.includes(field.name))?.value ?? '';
  const type = value('Type');
  const addresses = listCell(value('IPs') || value('IP'));
  const external = value('External Traffic Policy');
  const internal = value('Internal Traffic Policy');
  const healthCheck = Number(value('HealthCheck NodePort'));
  return {
    namespace: value('Namespace') || 'default',
    name: value('Name'),
    ...(type === '' ? {} : { type }),
    headless: addresses.length === 0 || addresses.includes('None'),
    clusterIps: addresses.filter((address) => address !== 'None'),
    externalIps: listCell(value('External IPs')),
    // 192.0.2.50 · 192.0.2.50 (VIP) · a host name, which is no address
    loadBalancerIps: listCell(value('LoadBalancer Ingress'))
      .map((text) => text.trim().replace(/ .*$/, ''))
      .filter((text) => /^[0-9A-Fa-f.:]+$/.test(text)),
    ports: portsOf(fields),
    ...(external === '' ? {} : { externalTrafficPolicy: external }),
    ...(internal === '' ? {} : { internalTrafficPolicy: internal }),
    affinitySeconds: value('Session Affinity') === 'ClientIP' ? 10_800 : 0,
    sourceRanges: listCell(value('LoadBalancer Source Ranges')),
    ...(Number.isInteger(healthCheck) && healthCheck > 0 ? { healthCheckNodePort: healthCheck } : {}),
    line: fields[0]?.number ?? 1,
  };
}

/** `Port: http  3080/TCP`, and the `NodePort: http  31604/TCP` that follows it. */
function portsOf(fields: readonly Field[]): ObjectPort[] {
  const ports: ObjectPort[] = [];
  for (const field of fields) {
    if (field.name !== 'Port' && field.name !== 'NodePort') continue;
    const found = /^(\S+)\s+(\d+)\/([A-Za-z]+)$/.exec(field.value);
    if (found === null) continue;
    const number = Number(found[2]);
    if (field.name === 'Port') {
      const name = found[1] as string;
      ports.push({
        name: name === '<unset>' || name === '<unnamed>' ? '' : name,
        port: number,
        protocol: (found[3] as string).toLowerCase(),
      });
    } else {
      const last = ports.pop();
      if (last !== undefined) ports.push({ ...last, nodePort: number });
    }
  }
  return ports;
}

/** Each `Endpoints:` belongs to the `Port:` before it. */
function endpointsOf(fields: readonly Field[], service: ObjectService, diagnostics: Diagnostic[]): ObjectEndpointPort[] {
  const found: ObjectEndpointPort[] = [];
  let place = -1;
  for (const field of fields) {
    if (field.name === 'Port') place++;
    const port = service.ports[place];
    if (field.name !== 'Endpoints' || port === undefined) continue;
    const [shown = '', more] = field.value.split(' + ');
    if (more !== undefined) diagnostics.push(cutList(`the endpoints of ${service.namespace}/${service.name}`, field));
    const byPort = new Map<number, string[]>();
    for (const text of listCell(shown)) {
      const colon = text.lastIndexOf(':');
      const number = Number(text.slice(colon + 1));
      addToGroup(byPort, number, text.slice(0, colon).replace(/^\[|\]$/g, ''));
    }
    for (const [number, addresses] of byPort) {
      found.push({
        namespace: service.namespace,
        service: service.name,
        portName: port.name,
        protocol: port.protocol,
        port: number,
        endpoints: addresses.map((address) => ({ address, ready: true, serving: true, terminating: false })),
        cut: more !== undefined,
        line: field.number,
      });
    }
    if (byPort.size === 0) {
      const { namespace, name: owner } = service;
      found.push({
        namespace,
        service: owner,
        portName: port.name,
        protocol: port.protocol,
        port: port.port,
        endpoints: [],
        cut: false,
        line: field.number,
      });
    }
  }
  return found;
}
