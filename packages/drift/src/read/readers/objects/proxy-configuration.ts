import type { ObjectConfiguration } from '../read-object.ts';
import type { ReadConfiguration } from '../read-values.ts';
import type { ObjectDocument, ValuePath } from './document.ts';
import { at, booleanAt, type Json, shown, textAt, textsAt } from './json-value.ts';

/**
 * How kube-proxy is to be started, by a KubeProxyConfiguration, the answer of its `/configz`, or the configuration of kubeadm: the
 * MasterConfiguration of 1.8 to 1.11 and the ClusterConfiguration, which names the range of pods alone. `path` leads to the object.
 *
 * Only the settings that decide what kube-proxy programs are kept; an empty one is left to its default and missing.
 */
export function configurationOf(
  kind: string,
  object: Json,
  { lineAt }: Pick<ObjectDocument, 'lineAt'>,
  path: ValuePath,
): ObjectConfiguration | undefined {
  if (!KINDS.has(kind)) return undefined;
  const isOwn = kind === 'KubeProxyConfiguration';
  const inside = isOwn ? [] : ['kubeProxy', ...(at(object, 'kubeProxy', 'config') === undefined ? [] : ['config'])];
  const config = at(object, ...inside);
  const mode = filled(fieldAt(config, 'mode'));
  const rules = fieldAt(config, mode === 'nftables' ? 'nftables' : 'iptables');
  const ipvs = fieldAt(config, 'ipvs');
  const gates = { ...gatesAt(isOwn ? undefined : at(object, 'featureGates')), ...gatesAt(fieldAt(config, 'featureGates')) };
  const bit = fieldAt(rules, 'masqueradeBit');
  const configuration: ReadConfiguration = {
    ...shown('mode', mode),
    ...shown('scheduler', filled(fieldAt(ipvs, 'scheduler'))),
    ...shown('clusterCidr', filled(fieldAt(config, 'clusterCIDR')) ?? textAt(object, 'networking', 'podSubnet')),
    ...shown('masqueradeAll', booleanAt({ value: fieldAt(rules, 'masqueradeAll') }, 'value')),
    ...shown('masqueradeBit', typeof bit === 'number' ? bit : undefined),
    ...shown('strictArp', booleanAt({ value: fieldAt(ipvs, 'strictARP') }, 'value')),
    ...shown('detectLocalMode', filled(fieldAt(config, 'detectLocalMode'))),
    ...shown('localhostNodePorts', booleanAt({ value: fieldAt(rules, 'localhostNodePorts') }, 'value')),
    ...shown('hostnameOverride', filled(fieldAt(config, 'hostnameOverride'))),
    excludeCidrs: textsAt({ value: fieldAt(ipvs, 'excludeCIDRs') }, 'value'),
    nodePortAddresses: textsAt({ value: fieldAt(config, 'nodePortAddresses') }, 'value'),
    ...(Object.keys(gates).length === 0 ? {} : { featureGates: gates }),
    line: lineAt([...path, ...inside, 'mode']),
  };
  return { file: kind, configuration };
}

const KINDS: ReadonlySet<string> = new Set(['KubeProxyConfiguration', 'MasterConfiguration', 'ClusterConfiguration']);

/** The value of a key; `/configz` writes it as Go does, `Mode`, `IPTables`, `MasqueradeAll`. */
function fieldAt(value: Json, key: string): Json {
  const own = at(value, key);
  if (own !== undefined || typeof value !== 'object' || value === null) return own;
  const other = Object.keys(value).find((name) => name.toLowerCase() === key.toLowerCase());
  return other === undefined ? undefined : at(value, other);
}

function filled(value: Json): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `SupportIPVSProxyMode: true` below `featureGates:`, or in one line, `featureGates: SupportIPVSProxyMode=true,Other=false`. */
function gatesAt(value: Json): Record<string, boolean> {
  if (typeof value === 'string') {
    const pairs = value.split(',').filter((pair) => pair.includes('='));
    return Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim() === 'true']),
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.keys(value).flatMap((name) => {
      const gate = booleanAt(value, name);
      return gate === undefined ? [] : [[name, gate]];
    }),
  );
}
