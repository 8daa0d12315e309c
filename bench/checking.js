// `netdrift check` against the objects of a cluster, beside the time of reading the same snapshot.
import { checkSnapshot, expectedState, readSnapshot } from '@netdrift/drift';
import { measure, table } from './measure.js';

const SERVICES = 5000;
const ENDPOINTS = 3;

/** @param {number} index @param {number} first */
const address = (index, first) => `${first}.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;

/** Services with as many endpoints each, one node, and the names and addresses of `generate.js`. */
function objects() {
  /** @type {unknown[]} */
  const items = [{ kind: 'Node', metadata: { name: 'node-1' }, status: { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] } }];
  for (let index = 0; index < SERVICES; index += 1) {
    const metadata = { name: `svc-${index}`, namespace: `ns-${index % 97}` };
    const endpoints = Array.from({ length: ENDPOINTS }, (_, place) => ({ addresses: [address(index * ENDPOINTS + place, 11)], conditions: { ready: true }, nodeName: `node-${place}` }));
    items.push({ kind: 'Service', metadata, spec: { clusterIP: address(index, 10), ports: [{ name: 'http', port: 80, protocol: 'TCP' }] } });
    items.push({ kind: 'EndpointSlice', metadata: { ...metadata, labels: { 'kubernetes.io/service-name': metadata.name } }, addressType: 'IPv4', endpoints, ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] });
  }
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** A node in ipvs mode that does what the objects ask for. @param {string} content */
function ipvsNode(content) {
  const { ipvs } = expectedState(readSnapshot([{ name: 'objects.json', content }]), { nodeName: 'node-1', version: '1.30', mode: 'ipvs' });
  const tables = (ipvs?.rules.ipv4 ?? []).join('\n').split(/(?=^\*)/m).map((text) => `${text.replace('\n', `\n${chainsOf(text)}`).trimEnd()}\nCOMMIT\n`);
  return [
    { name: 'ipvsadm-Sn.txt', content: ipvs?.ipvsadm ?? '' },
    { name: 'ipset-save.txt', content: ipvs?.ipset ?? '' },
    { name: 'iptables-save.txt', content: tables.join('') },
  ];
}

/** @param {string} text */
function chainsOf(text) {
  const names = new Set([...text.matchAll(/^-A (\S+)/gm)].map(([, name = '']) => name));
  return [...names].map((name) => `:${name} ${name.startsWith('KUBE-') ? '-' : 'ACCEPT'} [0:0]\n`).join('');
}

/** The files of a node in ipvs mode and its cluster. */
export function files() {
  const content = objects();
  return [...ipvsNode(content), { name: 'objects.json', content }, { name: 'kube-proxy-version.txt', content: 'Kubernetes v1.30.3\n' }];
}

/** CPU time of reading a snapshot and of checking it. */
export function checking() {
  const texts = files();
  const snapshot = readSnapshot(texts);
  const { read, check } = measure({ read: () => readSnapshot(texts), check: () => checkSnapshot(snapshot) }, 3);
  const loud = checkSnapshot(snapshot).findings.filter(({ severity }) => severity !== 'none').length;
  const row = ['ipvs', SERVICES, ENDPOINTS, `${Math.round(read)} ms`, `${Math.round(check)} ms`, `${(check / read).toFixed(2)} ×`, loud];
  return table(['check against objects', 'services', 'endpoints each', 'reading', 'check', 'check / reading', 'findings'], [row]);
}
