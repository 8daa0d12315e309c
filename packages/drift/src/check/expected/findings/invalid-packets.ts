import { CHAIN } from '../../../proxy/names/fixed-names.ts';
import type { NodeView } from '../../../services/node-facts.ts';
import type { RuleEntry } from '../../../state/model.ts';
import type { FoundThing } from '../../finding.ts';
import { ruleFinding } from '../rules/rule-kinds.ts';
import type { Reading } from '../expected-places.ts';

/** From this version on kube-proxy leaves the rule out where the kernel takes TCP packets outside of the window for valid. */
const OPTIONAL_FROM = 28;

/** `-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP`, in newer versions with a counter by name. */
export function dropsInvalid({ conditions, target }: RuleEntry): boolean {
  return (
    target.kind === 'verdict' &&
    target.name === 'DROP' &&
    conditions.some((condition) => condition.kind === 'state' && condition.states.join() === 'INVALID')
  );
}

/**
 * The families in which KUBE-FORWARD of iptables mode does not drop invalid packets, though kube-proxy writes that rule: whether it does
 * hangs on `nf_conntrack_tcp_be_liberal`, so that a sysctl or the other family has to tell.
 */
export function invalidPacketFindings({ model, knowledge }: NodeView, readings: readonly Reading[]): FoundThing[] {
  const chains = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const table = model.tables.get(`${family} filter`);
    const chain = table?.complete === true ? table.chains.get(CHAIN.forward) : undefined;
    return chain === undefined ? [] : [{ family, chain, drops: chain.rules.some(dropsInvalid) }];
  });
  const liberal = knowledge.sysctls.get('net.netfilter.nf_conntrack_tcp_be_liberal')?.value;
  const always = readings.every(({ settings }) => settings.minor < OPTIONAL_FROM);
  if (!always && liberal !== '0' && (liberal !== undefined || !chains.some(({ drops }) => drops))) return [];
  return chains
    .filter(({ drops }) => !drops)
    .map(({ family, chain }) => {
      const place = `${family === 'ipv6' ? 'IPv6 ' : ''}filter ${CHAIN.forward}`;
      return ruleFinding('x.rule-missing', {
        severity: 'warning',
        subject: { kind: 'iptables.chain', name: place },
        text: `${place} lacks the rule "--ctstate INVALID -j DROP", which kube-proxy writes: late packets of a connection may pass without translation and reset it`,
        lookAt: `${family === 'ipv6' ? 'ip6tables' : 'iptables'} -t filter -S ${CHAIN.forward}`,
        origins: [chain.origin],
      });
    });
}
