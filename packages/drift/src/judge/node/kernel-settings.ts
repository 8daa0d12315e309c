import type { Detail } from '../../report.ts';
import { type Origin, originIn } from '../../state/origin.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { lostServices } from '../packets/lost-services.ts';
import type { SideView } from '../side.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';
import { changesMode } from './served-mode.ts';

/** A setting that differs. */
interface SettingChange {
  readonly name: string;
  readonly was: string;
  readonly is: string;
}

type Told = Pick<PendingChange, 'severity' | 'effect' | 'text' | 'details'> & Partial<Pick<PendingChange, 'certainty'>>;

const KERNEL_CHANGES = [
  {
    id: 'kernel.setting-changed',
    severity: 'by effect',
    title: 'a setting of the kernel changed',
    why: 'packets are forwarded, tracked or masqueraded, or no longer',
  },
] as const satisfies readonly ChangeKind[];

export const kernelSettings: ChangeRule = { kinds: KERNEL_CHANGES, find: each(judgeKernelSettings) };

/** Changes of kernel settings that decide about packets of services. */
function judgeKernelSettings(comparison: Comparison): PendingChange[] {
  const { before, after } = comparison;
  return settingChanges(before, after).map((change) => ({
    id: 'kernel.setting-changed',
    certainty: 'proven',
    subject: { kind: 'config', name: change.name },
    before: { value: change.was },
    after: { value: change.is },
    origins: seenAt(originOf(before, change.name), originOf(after, change.name)),
    ...storyOf(change, comparison),
  }));
}

/** Settings by which packets to any service may be treated differently. */
export function changesPackets(before: SideView, after: SideView): boolean {
  return settingChanges(before, after).some(({ name }) => FORWARDING.test(name) || name === IPVS_CONNTRACK);
}

/** Settings that both sides show and that decide about packets: others, and counts that never rest, are left alone. */
function settingChanges(before: SideView, after: SideView): SettingChange[] {
  return [...before.beside.sysctls].flatMap(([name, { value: was }]) => {
    const is = after.beside.sysctls.get(name)?.value;
    return is === undefined || is === was || !COMPARED.test(name) ? [] : [{ name, was, is }];
  });
}

const COMPARED =
  /^net\.(?:ipv4\.(?:ip_forward|vs\.\w+|conf\.\w+\.(?:route_localnet|rp_filter|arp_ignore|arp_announce|accept_local|forwarding))|ipv6\.conf\.all\.forwarding|bridge\.bridge-nf-[\w-]+|netfilter\.nf_conntrack_(?:max|(?:tcp|udp)_\w+))$/u;
const FORWARDING = /^net\.(?:ipv4\.ip_forward|ipv6\.conf\.all\.forwarding)$/u;
/** What kube-proxy sets when it starts, as its mode needs it. */
const OF_PROXY = /^net\.ipv4\.(?:vs\.(?:conntrack|conn_reuse_mode|expire_\w+)|conf\.all\.(?:route_localnet|arp_ignore|arp_announce))$/u;
const IPVS_CONNTRACK = 'net.ipv4.vs.conntrack';

function storyOf(change: SettingChange, comparison: Comparison): Told {
  const { name, was, is } = change;
  const text = `kernel setting ${name} ${was} → ${is}`;
  if (FORWARDING.test(name)) return forwarding(text, change, comparison);
  if (changesMode(comparison) && OF_PROXY.test(name))
    return { severity: 'none', effect: 'none', text: `${text}, as kube-proxy sets it in its mode` };
  if (name === 'net.ipv4.conf.all.route_localnet') return loopback(text, change, comparison);
  if (name.startsWith('net.ipv4.vs.')) return ofIpvs(text, change, comparison);
  if (name.startsWith('net.bridge.')) return ofBridges(text, change);
  const forgets = /^net\.netfilter\.nf_conntrack_(?:tcp|udp)_timeout/u.test(name);
  const meaning = forgets ? 'connections without traffic are forgotten after another time' : MEANINGS[name];
  if (meaning !== undefined) return { severity: 'notice', effect: 'attribute', text: `${text}: ${meaning}` };
  return { severity: 'notice', effect: 'undecided', text: `${text}; what it does to packets is not modelled` };
}

const MEANINGS: Readonly<Record<string, string>> = {
  'net.netfilter.nf_conntrack_max':
    'as many connections can be tracked at once; where the table is full, packets of new connections are dropped',
  'net.ipv4.vs.conn_reuse_mode': 'a client port that is used again is given to an endpoint in another way',
  'net.ipv4.vs.expire_nodest_conn': 'connections to an endpoint that is gone end at once where it is 1, and hang where it is 0',
  'net.ipv4.vs.expire_quiescent_template': 'clients with session affinity leave an endpoint of weight 0 where it is 1',
};

function forwarding(text: string, { name, is }: SettingChange, comparison: Comparison): Told {
  const packets = `${name.includes('ipv6') ? 'IPv6 ' : ''}packets`;
  if (is !== '0')
    return { severity: 'warning', effect: 'gained', text: `${text}: the node forwards ${packets} of others, which it did not before` };
  return {
    severity: 'critical',
    effect: 'lost',
    text: `${text}: the node forwards no ${packets} any more; connections of pods, and from outside to pods, get no further`,
    details: servicesConcerned(comparison),
  };
}

/** Rules of iptables mode translate connections to 127.0.0.1, and the kernel lets them out with this setting alone. */
function loopback(text: string, { is }: SettingChange, { before, after }: Comparison): Told {
  const ports = [before, after].every(
    ({ facts, frontends }) =>
      facts.proxyMode?.value === 'iptables' && [...frontends.values()].some(({ purpose }) => purpose === 'node port'),
  );
  if (!ports) return { severity: 'notice', effect: 'undecided', text: `${text}; what it does to packets is not modelled` };
  return {
    severity: is === '0' ? 'warning' : 'notice',
    effect: is === '0' ? 'lost' : 'gained',
    certainty: 'conditional',
    text: `${text}: node ports ${is === '0' ? 'no longer answer' : 'answer'} at 127.0.0.1 of the node itself`,
    details: [{ label: 'if', text: 'they are meant for it (--nodeport-addresses does not leave 127.0.0.1 out)' }],
  };
}

function ofIpvs(text: string, { name, is }: SettingChange, comparison: Comparison): Told {
  const serves = [comparison.before.model, comparison.after.model].some(({ ipvs }) => (ipvs?.services.size ?? 0) > 0);
  if (!serves) return { severity: 'none', effect: 'none', text: `${text}; IPVS serves nothing` };
  if (name !== IPVS_CONNTRACK) {
    const meaning = MEANINGS[name];
    return meaning === undefined
      ? { severity: 'notice', effect: 'undecided', text: `${text}; what it does to connections of IPVS is not modelled` }
      : { severity: 'notice', effect: 'attribute', text: `${text}: ${meaning}` };
  }
  const on = is !== '0';
  return {
    severity: 'warning',
    effect: 'source-changed',
    text: on
      ? `${text}: connections that IPVS forwards are tracked, so rules masquerade them`
      : `${text}: connections that IPVS forwards are not tracked any more, so no rule masquerades them; endpoints see the address of the client`,
    details: [
      ...servicesConcerned(comparison),
      ...(on
        ? []
        : [{ label: 'effect' as const, text: 'an endpoint on another node answers the client directly, so its connections fail' }]),
    ],
  };
}

function ofBridges(text: string, { name, is }: SettingChange): Told {
  const tool = name.includes('ip6tables') ? 'ip6tables' : 'iptables';
  if (!/call-ip6?tables$/u.test(name))
    return { severity: 'notice', effect: 'undecided', text: `${text}; what it does to packets is not modelled` };
  return is !== '0'
    ? { severity: 'notice', effect: 'gained', text: `${text}: packets between ports of one bridge meet the rules of ${tool}` }
    : {
        severity: 'warning',
        effect: 'lost',
        certainty: 'conditional',
        text: `${text}: packets between ports of one bridge no longer meet the rules of ${tool}; a pod that gets by a service to an endpoint on the same bridge gets no answer it knows`,
        details: [{ label: 'if', text: 'pods of this node are ports of one bridge' }],
      };
}

/** Where nothing else differs, what becomes of packets is the work of the setting. */
function servicesConcerned(comparison: Comparison): Detail[] {
  const { tables, sets, ipvs } = comparison.differences;
  const besides = tables.length + (sets?.changed.length ?? 0) + (ipvs === undefined ? 0 : ipvs.changed.length + ipvs.removed.length);
  return besides > 0 ? [] : lostServices(comparison);
}

function originOf({ beside }: SideView, name: string): Origin | undefined {
  const found = beside.sysctls.get(name);
  return found && originIn(found);
}
