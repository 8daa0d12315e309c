import { isKernelAtLeast } from './kernel-release.ts';

/** A module that another one took in: from that kernel on only the new name exists. */
export interface ModuleAlias {
  readonly name: string;
  readonly becomes: string;
  /** First kernel without the old module. */
  readonly since: readonly [major: number, minor: number];
  readonly source: string;
}

/** Modules that were merged into others, of those that netdrift meets. */
export const moduleAliases: readonly ModuleAlias[] = [
  {
    name: 'nf_conntrack_ipv4',
    becomes: 'nf_conntrack',
    since: [4, 19],
    source: 'Linux 4.19, commit a0ae2562c6c4: netfilter: conntrack: remove l3proto abstraction',
  },
  {
    name: 'nf_conntrack_ipv6',
    becomes: 'nf_conntrack',
    since: [4, 19],
    source: 'Linux 4.19, commit a0ae2562c6c4: netfilter: conntrack: remove l3proto abstraction',
  },
  {
    name: 'nf_nat_ipv4',
    becomes: 'nf_nat',
    since: [5, 1],
    source: 'Linux 5.1, commit 3bf195ae6037: netfilter: nat: merge nf_nat_ipv4,6 into nat core',
  },
  {
    name: 'nf_nat_ipv6',
    becomes: 'nf_nat',
    since: [5, 1],
    source: 'Linux 5.1, commit 3bf195ae6037: netfilter: nat: merge nf_nat_ipv4,6 into nat core',
  },
];

/** Options of {@link canonicalModuleName}. */
export interface ModuleNameOptions {
  /** Release of the kernel, `uname -r`. Without it no alias is followed: which name exists depends on it. */
  readonly kernel?: string;
}

/**
 * The one name of a module, whatever a tool or a person wrote: without folder and `.ko`, with `_` for `-`, and under
 * the name of the module it became part of, where the kernel says so.
 *
 * @example
 * canonicalModuleName('kernel/net/netfilter/ipvs/ip-vs.ko.xz') // => 'ip_vs'
 * canonicalModuleName('nf_conntrack_ipv4', { kernel: '5.15.0-91-generic' }) // => 'nf_conntrack'
 * canonicalModuleName('nf_conntrack_ipv4', { kernel: '4.18.0-305.el8' }) // => 'nf_conntrack_ipv4'
 */
export function canonicalModuleName(written: string, options: ModuleNameOptions = {}): string {
  const base = written.slice(written.lastIndexOf('/') + 1);
  const extension = moduleExtension(base);
  const name = kernelSpelling(extension === undefined ? base : base.slice(0, -extension.length));
  const { kernel } = options;
  if (kernel === undefined) return name;
  const alias = moduleAliases.find((entry) => entry.name === name);
  if (alias === undefined || isKernelAtLeast(kernel, ...alias.since) !== true) return name;
  return alias.becomes;
}

/** The name as the kernel spells it: modules.builtin and modprobe take `-` and `_` for one another. */
export function kernelSpelling(name: string): string {
  return name.replaceAll('-', '_');
}

const EXTENSIONS: readonly string[] = ['.ko', '.ko.gz', '.ko.xz', '.ko.zst', '.ko.bz2', '.o'];

/** The extension a module's file name ends with, or `undefined`. */
export function moduleExtension(fileName: string): string | undefined {
  return EXTENSIONS.find((extension) => fileName.length > extension.length && fileName.endsWith(extension));
}
