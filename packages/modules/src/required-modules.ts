import { isKernelAtLeast, isVersionAtLeast } from './kernel-release.ts';

/** What the requirements depend on. A key that is missing leaves every case open that it would decide. */
export interface RequirementOptions {
  /** Release of the kernel, `uname -r`: `6.1.0-56-amd64`. */
  readonly kernel?: string;
  /** Version of kube-proxy: `v1.30.3`. */
  readonly kubeProxy?: string;
  /** Value of `--ipvs-scheduler`; empty or missing is kube-proxy's default, `rr`. */
  readonly scheduler?: string;
}

/** One module, or one of several names, that IPVS mode needs. */
export interface RequiredModule {
  /** Name of the module; where several will do, the one this kernel has, or the newest. */
  readonly name: string;
  /** All names that satisfy the requirement, `name` first. */
  readonly accepted: readonly string[];
  readonly purpose: 'ipvs' | 'scheduler' | 'conntrack';
  /**
   * Whether kube-proxy looks for the module by name before it starts; it then refuses IPVS mode without it. Otherwise
   * the kernel needs it, and kube-proxy finds out by using it.
   */
  readonly checked: boolean;
  /** Versions of kube-proxy this holds for: first one, and first one it no longer holds for. */
  readonly kubeProxy: { readonly from?: string; readonly before?: string };
  readonly source: string;
}

/** What kube-proxy does when it cannot use IPVS. */
export type MissingModuleEffect = 'userspace-or-iptables-mode' | 'iptables-mode' | 'exit';

/** What IPVS mode needs, as far as the options decide it. */
export interface IpvsRequirements {
  readonly modules: readonly RequiredModule[];
  /** What happens when one is missing; missing where the version of kube-proxy is not known. */
  readonly whenMissing?: MissingModuleEffect;
}

type Requirement = Omit<RequiredModule, 'name' | 'accepted'> & { readonly name: string };

const CHECKED_BY_NAME = 'kubernetes pkg/proxy/ipvs GetRequiredIPVSModules and CanUseIPVSProxier, read in 1.14 to 1.26';
const PROBED = 'kubernetes pkg/proxy/ipvs CanUseIPVSProxier from 1.27: adds a virtual service and checks no module';

/** Every requirement, for all versions. `SCHEDULER` stands for the module of the scheduler asked for. */
const REQUIREMENTS: readonly Requirement[] = [
  { name: 'ip_vs', purpose: 'ipvs', checked: true, kubeProxy: { before: '1.27' }, source: CHECKED_BY_NAME },
  { name: 'ip_vs_rr', purpose: 'scheduler', checked: true, kubeProxy: { before: '1.27' }, source: CHECKED_BY_NAME },
  { name: 'ip_vs_wrr', purpose: 'scheduler', checked: true, kubeProxy: { before: '1.27' }, source: CHECKED_BY_NAME },
  { name: 'ip_vs_sh', purpose: 'scheduler', checked: true, kubeProxy: { before: '1.27' }, source: CHECKED_BY_NAME },
  { name: 'CONNTRACK', purpose: 'conntrack', checked: true, kubeProxy: { before: '1.27' }, source: CHECKED_BY_NAME },
  {
    name: 'SCHEDULER',
    purpose: 'scheduler',
    checked: false,
    kubeProxy: { before: '1.20' },
    source: 'Linux net/netfilter/ipvs/ip_vs_sched.c: the kernel loads ip_vs_NAME when a service asks for the scheduler',
  },
  {
    name: 'SCHEDULER',
    purpose: 'scheduler',
    checked: true,
    kubeProxy: { from: '1.20', before: '1.27' },
    source: 'kubernetes pkg/proxy/ipvs CanUseIPVSProxier(handle, ipsetver, scheduler), read in 1.20 to 1.26',
  },
  { name: 'ip_vs', purpose: 'ipvs', checked: false, kubeProxy: { from: '1.27' }, source: PROBED },
  { name: 'SCHEDULER', purpose: 'scheduler', checked: false, kubeProxy: { from: '1.27' }, source: PROBED },
  {
    name: 'CONNTRACK',
    purpose: 'conntrack',
    checked: false,
    kubeProxy: { from: '1.27' },
    source: 'kube-proxy 1.30.3 exits without it: open /proc/sys/net/netfilter/nf_conntrack_max: no such file or directory',
  },
];

/**
 * The kernel modules that kube-proxy's IPVS mode needs, with the source of each requirement.
 *
 * A module may be loaded, built into the kernel, or only loadable by modprobe: all three do. Without `kubeProxy` the
 * requirements of all versions are given, each with the versions it holds for; without `kernel` both names of the
 * conntrack module are accepted. kube-proxy up to 1.26 takes the conntrack module under either name on any kernel.
 *
 * @example
 * requiredIpvsModules({ kernel: '6.1.0', kubeProxy: 'v1.30.3', scheduler: 'lc' }).modules.map((module) => module.name)
 * // => ['ip_vs', 'ip_vs_lc', 'nf_conntrack']
 * requiredIpvsModules({ kernel: '4.15.0', kubeProxy: '1.18.2' }).modules.map((module) => module.name)
 * // => ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack_ipv4']
 */
export function requiredIpvsModules(options: RequirementOptions = {}): IpvsRequirements {
  const { kubeProxy } = options;
  const modules: RequiredModule[] = [];
  for (const requirement of REQUIREMENTS) {
    if (kubeProxy !== undefined && !holdsFor(requirement, kubeProxy)) continue;
    const accepted = acceptedNames(requirement, options);
    const name = accepted[0] ?? requirement.name;
    if (modules.some((module) => module.name === name && isWithin(requirement, module))) continue;
    modules.push({ ...requirement, name, accepted });
  }
  const whenMissing = kubeProxy === undefined ? undefined : effectOfMissing(kubeProxy);
  return { modules, ...(whenMissing === undefined ? {} : { whenMissing }) };
}

/** A version that cannot be read excludes nothing. */
function holdsFor({ kubeProxy: { from, before } }: Requirement, version: string): boolean {
  return (from === undefined || isAtLeast(version, from) !== false) && (before === undefined || isAtLeast(version, before) !== true);
}

/** Whether a requirement adds no version to one that was told: rr is told once even where it is also the scheduler. */
function isWithin(requirement: Requirement, told: RequiredModule): boolean {
  const { from = '0.0', before } = requirement.kubeProxy;
  const { from: toldFrom = '0.0', before: toldBefore } = told.kubeProxy;
  if (isAtLeast(from, toldFrom) !== true) return false;
  return toldBefore === undefined || (before !== undefined && isAtLeast(toldBefore, before) === true);
}

function isAtLeast(version: string, bound: string): boolean | undefined {
  const [major = '0', minor = '0'] = bound.split('.');
  return isVersionAtLeast(version, Number(major), Number(minor));
}

function acceptedNames({ name, checked }: Requirement, { kernel, scheduler }: RequirementOptions): readonly string[] {
  if (name === 'SCHEDULER') return [`ip_vs_${scheduler === undefined || scheduler === '' ? 'rr' : scheduler}`];
  if (name !== 'CONNTRACK') return [name];
  const merged = kernel === undefined ? undefined : isKernelAtLeast(kernel, 4, 19);
  if (merged === false) return checked ? ['nf_conntrack_ipv4', 'nf_conntrack'] : ['nf_conntrack'];
  return checked || merged === undefined ? ['nf_conntrack', 'nf_conntrack_ipv4'] : ['nf_conntrack'];
}

function effectOfMissing(kubeProxy: string): MissingModuleEffect | undefined {
  const exits = isVersionAtLeast(kubeProxy, 1, 26);
  if (exits === undefined) return undefined;
  if (exits) return 'exit';
  return isVersionAtLeast(kubeProxy, 1, 9) === true ? 'iptables-mode' : 'userspace-or-iptables-mode';
}
