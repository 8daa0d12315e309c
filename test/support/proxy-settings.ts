import type { ProxySettings } from '../../packages/drift/src/desired/settings.ts';
import { type Capture, manifestOf, snapshotOf } from './scenario.ts';

/** Steps that ran in another mode than the first flag of their scenario says, where the manifest does not tell each step's. */
const MODES: ReadonlyMap<string, ProxySettings['mode']> = new Map([
  ['ipvs-v1.20-pair-mode-to-iptables/after', 'iptables'],
  ['ipvs-v1.20-pair-mode-to-iptables/after-cleanup', 'iptables'],
]);

/** Addresses of the lab's interfaces, for captures without `ip addr`: eth0, cni0 and lo. */
const LAB_ADDRESSES = ['192.168.10.11', '10.244.0.1', '127.0.0.1', 'fd00:192:168:10::11', 'fd00:10:244::1'];

/** How kube-proxy ran when a capture was taken, as the scenario's manifest says: the settings by which what it did is judged. */
export function settingsOf(capture: Capture): ProxySettings {
  const manifest = manifestOf(capture);
  const { node, kubeProxyVersion, kubeProxyFlagsPerStep } = manifest;
  const flags = kubeProxyFlagsPerStep?.[capture.step === '' ? 'single capture' : capture.step] ?? manifest.kubeProxyFlags;
  const flag = (name: string): string =>
    flags
      .find((text) => text.startsWith(`--${name}=`))
      ?.split('=')
      .slice(1)
      .join('=') ?? '';
  const list = (name: string): string[] =>
    flag(name)
      .split(',')
      .filter((item) => item !== '');
  const version = capture.name === 'ipvs-v1.20-to-v1.30-pair-upgrade/after' ? 'v1.30.3' : kubeProxyVersion;
  const mode = capture.scenario.startsWith('fallback-v1.20') ? 'iptables' : (MODES.get(capture.name) ?? flag('proxy-mode'));
  const configured = flag('config') !== '' || mode === 'nftables' ? 'nftables' : mode === 'ipvs' ? 'ipvs' : 'iptables';
  const addresses = node.addresses ?? (node.internalIP === undefined ? [] : [node.internalIP]);
  const zone = node.labels?.['topology.kubernetes.io/zone'];
  const gates = Object.fromEntries(list('feature-gates').map((pair) => [pair.split('=')[0] ?? '', pair.endsWith('=true')]));
  return {
    mode: configured,
    minor: Number(version.split('.')[1]),
    nodeName: node.name,
    ...(zone === undefined ? {} : { zone }),
    nodeAddresses: addresses,
    localAddresses: shownAddresses(capture) ?? LAB_ADDRESSES,
    podRanges: configured === 'nftables' && flag('config') !== '' ? ['10.244.0.0/16'] : list('cluster-cidr'),
    // The flag is for iptables mode and ipvs mode; nftables mode has a setting of its own in the configuration file.
    masqueradeAll:
      configured === 'nftables' ? capture.name === 'nftables-v1.30-pair-masquerade-all-config/after' : flags.includes('--masquerade-all'),
    ...(flag('iptables-masquerade-bit') === '' ? {} : { masqueradeBit: Number(flag('iptables-masquerade-bit')) }),
    ...(flag('ipvs-scheduler') === '' ? {} : { scheduler: flag('ipvs-scheduler') }),
    nodePortAddresses: list('nodeport-addresses'),
    excludeCidrs: list('ipvs-exclude-cidrs'),
    gates,
  };
}

/** Addresses of every interface but kube-ipvs0, where `ip addr` shows them all. */
function shownAddresses(capture: Capture): string[] | undefined {
  const snapshot = snapshotOf(capture, (file) => file === 'ip-addr.txt');
  const found = snapshot.parts.flatMap(({ content }) =>
    content.kind === 'reader' && content.value.kind === 'InterfaceAddresses' ? content.value.interfaces : [],
  );
  return found.length === 0
    ? undefined
    : found.filter(({ name }) => name !== 'kube-ipvs0').flatMap(({ addresses }) => addresses.map(({ address }) => address));
}
