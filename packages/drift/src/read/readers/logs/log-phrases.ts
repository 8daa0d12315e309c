import type { LogLine } from './log-line.ts';
import type { IpvsObstacle, LogFact } from './log-statement.ts';

/** What one line says; several things where one sentence says several. */
type Reading = (line: LogLine, groups: readonly string[]) => readonly LogFact[];

/** A sentence that kube-proxy writes, and what it means. */
interface LogPhrase {
  /** Matched against the message. */
  readonly sentence: RegExp;
  /** Versions of kube-proxy that write it, as far as they were read or seen. */
  readonly versions: string;
  readonly read: Reading;
}

/** kubernetes cmd/kube-proxy/app/server_others.go, server_linux.go and pkg/proxy/ipvs/proxier.go of the versions named. */
const PHRASES: readonly LogPhrase[] = [
  {
    sentence: /^FLAG: --([\w-]+)="(.*)"$/s,
    versions: '1.8 and later, at verbosity 1',
    read: (_, [name = '', value = '']) => [{ kind: 'flag', name, value }],
  },
  {
    sentence: /^Running kube-proxy (--.*)$/s,
    versions: 'k3s and RKE2 1.17 and later (pkg/daemons/agent/agent.go)',
    read: (_, [flags = '']) => [...flags.matchAll(/--([\w-]+)=(\S*)/g)].map(([, name = '', value = '']) => ({ kind: 'flag', name, value })),
  },
  {
    // `proxy`: no mode was asked for (platformApplyDefaults in server_linux.go).
    sentence: /^Using (ipvs|iptables|userspace|nftables) (?:Proxier\.?|proxy)$/,
    versions: '1.8 and later; without the full stop from 1.22; `proxy` from 1.29',
    read: (_, [mode]) => [{ kind: 'mode-used', mode: mode as 'ipvs' }],
  },
  {
    sentence: /^Flag proxy-mode="(.*)" unknown, assuming iptables proxy$/,
    versions: '1.2 to 1.16',
    // An empty mode is the default and not a mistake.
    read: (_, [mode = '']) => (mode === '' ? [] : [{ kind: 'mode-unknown', mode }]),
  },
  {
    sentence: /^Unknown proxy mode(?: "(.*)")?, assuming iptables proxy$/,
    versions: '1.17 to 1.25; structured from 1.22',
    read: (line, [mode = '']) => {
      const asked = mode === '' ? (line.values.get('proxyMode') ?? '') : mode;
      return asked === '' ? [] : [{ kind: 'mode-unknown', mode: asked }];
    },
  },
  {
    sentence: /^Can't use ipvs proxier, trying iptables proxier$/,
    versions: '1.8 to 1.25; from 1.10 only at verbosity 1',
    read: () => [{ kind: 'ipvs-unusable' }],
  },
  {
    // 1.8: "using userspace proxier"; from 1.9 without it.
    sentence: /^can't determine whether to use ipvs proxy,(?: using userspace proxier:| error:) ?(.*)$/s,
    versions: '1.8 to 1.18',
    read: (_, [reason = '']) => [unusable(reason)],
  },
  {
    sentence: /^Can't use the IPVS proxier(?:: (.*))?$/s,
    versions: '1.20 to 1.25; structured from 1.22',
    read: (line, [reason = '']) => [unusable(reason === '' ? (line.values.get('err') ?? '') : reason)],
  },
  {
    sentence: /^(?:Error running ProxyServer|command failed)$/,
    versions: '1.22 and later',
    read: (line) => {
      const reason = line.values.get('err') ?? '';
      const found = /^can't use the IPVS proxier: (.*)$/s.exec(reason);
      const exited: LogFact = { kind: 'exited', reason };
      return found === null ? [exited] : [unusable(found[1] as string), exited];
    },
  },
  {
    sentence: /^Could not create dummy VS$/,
    versions: '1.27 and later',
    read: (line) => [{ kind: 'ipvs-unusable', obstacle: { kind: 'scheduler', scheduler: line.values.get('scheduler') ?? 'rr' } }],
  },
  {
    sentence: /^Dummy VS not created$/,
    versions: '1.27 and later',
    read: () => [{ kind: 'ipvs-unusable', obstacle: { kind: 'ipvs' } }],
  },
  {
    sentence: /^failed validate: .*Scheduler: Invalid value: "([^"]*)": must be in /s,
    versions: '1.9 to 1.26',
    read: (line, [scheduler = '']) => [
      { kind: 'ipvs-unusable', obstacle: { kind: 'scheduler', scheduler } },
      { kind: 'exited', reason: line.message },
    ],
  },
  {
    sentence: /^(?:failed (?:complete|validate|run)|[Uu]nable to create proxier|[Ee]rror (?:creating|initializing) .*prox)/,
    versions: '1.8 and later',
    read: (line) => [
      { kind: 'exited', reason: line.values.has('err') ? `${line.message}: ${line.values.get('err') ?? ''}` : line.message },
    ],
  },
  {
    sentence: /^Failed to load kernel module(?::)? ([\w-]+) (?:with|using) modprobe/,
    versions: '1.8 to 1.26',
    read: (_, [module = '']) => [{ kind: 'module-not-loaded', module }],
  },
  {
    // The check of kubeadm: it only warns, and kube-proxy may still load the modules itself.
    sentence: /^[Tt]he IPVS proxier (?:will|may) not be used,? because the following required kernel modules are not loaded: \[(.*?)\]/,
    versions: 'kubeadm 1.10 to 1.18',
    read: (_, [modules = '']) =>
      modules
        .split(/[ ,]+/)
        .filter((name) => name !== '')
        .map((module) => ({ kind: 'module-not-loaded', module })),
  },
  {
    sentence: /^Running modprobe ([\w-]+) failed with message: /,
    versions: 'libnetwork of Docker 1.12 and later, and proxies that use it',
    read: (_, [module = '']) => [{ kind: 'module-not-loaded', module }],
  },
  {
    sentence: /^IPVS scheduler not specified, use (\w+) by default$/,
    versions: '1.8 and later',
    read: (_, [scheduler = '']) => [{ kind: 'scheduler-defaulted', scheduler }],
  },
  {
    sentence: /^Version: (v\S+)$/,
    versions: '1.2 to 1.21',
    read: (_, [version = '']) => [{ kind: 'version', version }],
  },
  {
    sentence: /^Version info$/,
    versions: '1.22 and later',
    read: (line) => {
      const version = line.values.get('version');
      return version === undefined ? [] : [{ kind: 'version', version }];
    },
  },
  {
    sentence: /^Successfully retrieved node IP: (\S+)$/,
    versions: '1.14 to 1.21',
    read: (_, [address = '']) => [{ kind: 'node-addresses', addresses: [address] }],
  },
  {
    sentence: /^Successfully retrieved node IP(?:\(s\))?$/,
    versions: '1.22 and later',
    read: (line) => {
      const text = line.values.get('IPs') ?? line.values.get('nodeIP') ?? '';
      const addresses = text.match(/[0-9A-Fa-f.:]*[.:][0-9A-Fa-f.:]*/g) ?? [];
      return addresses.length === 0 ? [] : [{ kind: 'node-addresses', addresses }];
    },
  },
  {
    // map[SupportIPVSProxyMode:true] · &{{} map[]} · &{map[]} · {map[]}
    sentence: /^feature gates: [^[]*map\[([^\]]*)\]/,
    versions: '1.8 and later',
    read: (_, [gates = '']) => (gates === '' ? [] : [{ kind: 'feature-gates', gates: gatesOf(gates) }]),
  },
  {
    sentence: /^iptables\(IPv[46]\) masquerade mark: 0x([0-9a-f]+)$/,
    versions: '1.20 and 1.21',
    read: (_, [mark = '']) => [{ kind: 'masquerade-mark', mark: Number.parseInt(mark, 16) }],
  },
  {
    sentence:
      /^(?:clusterCIDR not specified, unable to distinguish between internal and external traffic|[Dd]etect-local-mode set to ClusterCIDR, but no cluster CIDR defined)$/,
    versions: '1.5 and later',
    read: () => [{ kind: 'no-cluster-cidr' }],
  },
  {
    sentence: /^The (ipvs|userspace) proxier is now deprecated and may be removed in a future release/,
    versions: 'ipvs from 1.35, userspace 1.23 to 1.25',
    read: (_, [mode = '']) => [{ kind: 'mode-deprecated', mode }],
  },
];

/** What a line of the log says; nothing for the many lines that say nothing of the configuration. */
export function readingOf(line: LogLine): readonly LogFact[] {
  for (const phrase of PHRASES) {
    const found = phrase.sentence.exec(line.message);
    if (found !== null)
      return phrase.read(
        line,
        found.slice(1).map((group) => group ?? ''),
      );
  }
  return [];
}

function unusable(reason: string): LogFact {
  return { kind: 'ipvs-unusable', obstacle: obstacleOf(reason) };
}

/** What the reason given stands for. The list of modules is in no order: it is the difference of two sets. */
function obstacleOf(reason: string): IpvsObstacle {
  const modules = /required kernel modules are not loaded: \[(.*?)\]/.exec(reason);
  if (modules !== null) return { kind: 'modules', modules: (modules[1] as string).split(/[ ,]+/).filter((name) => name !== '') };
  if (/error getting ipset version/.test(reason))
    return { kind: 'ipset', reason: reason.replace(/^error getting ipset version,? ?(?:error:)? ?/, '') };
  if (/^Ipvs not supported$/i.test(reason)) return { kind: 'ipvs' };
  return { kind: 'other', reason };
}

function gatesOf(text: string): Record<string, boolean> {
  const gates: [string, boolean][] = [];
  for (const pair of text.split(' ')) {
    const colon = pair.lastIndexOf(':');
    if (colon > 0) gates.push([pair.slice(0, colon), pair.slice(colon + 1) === 'true']);
  }
  return Object.fromEntries(gates);
}
