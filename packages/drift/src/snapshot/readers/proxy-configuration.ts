import type { Diagnostic } from '@netdrift/core';
import { unreadLine } from './diagnostics.ts';
import type { ReadConfiguration, Reader } from './reader.ts';
import { textLines } from './text-lines.ts';
import { settingAt, yamlBlock, type YamlSetting } from './yaml-block.ts';

const KIND = /^( *)kind: *["']?(KubeProxyConfiguration|MasterConfiguration|ClusterConfiguration)["']? *(?:#.*)?$/;

/**
 * Reads how kube-proxy is to be started: a KubeProxyConfiguration file, the ConfigMap that holds one
 * (`kubectl -n kube-system get cm kube-proxy -o yaml`), and the MasterConfiguration of kubeadm 1.8 to 1.11.
 *
 * Only the settings that decide what kube-proxy programs are kept; an empty setting is one that is left to its default.
 */
export const proxyConfiguration: Reader = {
  title: 'kube-proxy configuration',
  read: (text) => {
    const found = documentOf(text);
    if (found === undefined) return undefined;
    const { settings, unread } = yamlBlock(found.text);
    const diagnostics: Diagnostic[] = [];
    const missed = new Set(unread.map((line) => line + found.line - 1));
    for (const line of textLines(text)) {
      if (missed.has(line.number)) diagnostics.push(unreadLine(line.text, line, 'a setting'));
    }
    const master = found.kind !== 'KubeProxyConfiguration';
    const config = master ? (settingAt(settings, 'kubeProxy', 'config')?.below ?? settingAt(settings, 'kubeProxy')?.below) : settings;
    const gates = [...gatesOf(settingAt(settings, 'featureGates')), ...gatesOf(settingAt(config ?? [], 'featureGates'))];
    const read: ReadConfiguration = {
      ...valueAt('mode', settingAt(config ?? [], 'mode')),
      ...valueAt('scheduler', settingAt(config ?? [], 'ipvs', 'scheduler')),
      ...valueAt('clusterCidr', settingAt(config ?? [], 'clusterCIDR') ?? settingAt(settings, 'networking', 'podSubnet')),
      ...booleanAt('masqueradeAll', settingAt(config ?? [], 'iptables', 'masqueradeAll')),
      ...numberAt('masqueradeBit', settingAt(config ?? [], 'iptables', 'masqueradeBit')),
      ...booleanAt('strictArp', settingAt(config ?? [], 'ipvs', 'strictARP')),
      excludeCidrs: settingAt(config ?? [], 'ipvs', 'excludeCIDRs')?.items ?? [],
      nodePortAddresses: settingAt(config ?? [], 'nodePortAddresses')?.items ?? [],
      ...(gates.length === 0 ? {} : { featureGates: Object.fromEntries(gates) }),
      line: found.line + (settingAt(config ?? [], 'mode')?.line ?? 1) - 1,
    };
    return { kind: 'ProxyConfiguration', file: found.kind, configuration: read, diagnostics };
  },
};

interface FoundDocument {
  readonly kind: 'KubeProxyConfiguration' | 'MasterConfiguration' | 'ClusterConfiguration';
  readonly text: string;
  /** Line of the whole text on which it begins, from 1. */
  readonly line: number;
}

/** The lines around `kind:` that are indented at least as far as it, up to the next document. */
function documentOf(text: string): FoundDocument | undefined {
  const lines = [...textLines(text)];
  for (const [at, line] of lines.entries()) {
    const found = KIND.exec(line.text);
    if (found === null) continue;
    const indent = found[1] as string;
    const inside = (candidate: string): boolean => candidate.trim() === '' || (candidate.startsWith(indent) && !candidate.trimStart().startsWith('---'));
    let first = at;
    while (first > 0 && inside(lines[first - 1]?.text ?? '-')) first--;
    let last = at;
    while (last < lines.length - 1 && inside(lines[last + 1]?.text ?? '-')) last++;
    const body = lines.slice(first, last + 1);
    return {
      kind: found[2] as FoundDocument['kind'],
      text: body.map(({ text: written }) => written.slice(indent.length)).join('\n'),
      line: first + 1,
    };
  }
  return undefined;
}

function valueAt<Key extends string>(key: Key, setting: YamlSetting | undefined): { readonly [name in Key]?: string } {
  // The key is there and names what the value is: an object with one property of that name.
  return setting === undefined || setting.value === '' ? {} : ({ [key]: setting.value } as { readonly [name in Key]?: string });
}

function booleanAt<Key extends string>(key: Key, setting: YamlSetting | undefined): { readonly [name in Key]?: boolean } {
  return setting === undefined || setting.value === '' ? {} : ({ [key]: setting.value === 'true' } as { readonly [name in Key]?: boolean });
}

function numberAt<Key extends string>(key: Key, setting: YamlSetting | undefined): { readonly [name in Key]?: number } {
  const number = Number(setting?.value);
  return setting === undefined || setting.value === '' || !Number.isInteger(number) ? {} : ({ [key]: number } as { readonly [name in Key]?: number });
}

/** `SupportIPVSProxyMode: true` below `featureGates:`, or in one line, `featureGates: SupportIPVSProxyMode=true,Other=false`. */
function gatesOf(setting: YamlSetting | undefined): [string, boolean][] {
  if (setting === undefined) return [];
  const below = setting.below.map(({ key, value }): [string, boolean] => [key, value === 'true']);
  const pairs = setting.value.split(',').filter((pair) => pair.includes('='));
  return [...below, ...pairs.map((pair): [string, boolean] => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim() === 'true'])];
}
