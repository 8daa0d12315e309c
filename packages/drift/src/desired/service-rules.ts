import type { DesiredPort } from './desired-ports.ts';
import { iptablesServiceRules } from './iptables/iptables-service-rules.ts';
import { olderServiceRules } from './iptables/iptables-older-rules.ts';
import { nftServiceRules } from './nftables/nftables-service-rules.ts';
import type { PlannedRules } from './service-plan.ts';
import type { ProxySettings } from './settings.ts';

interface KnownRules {
  readonly mode: ProxySettings['mode'];
  readonly from: number;
  readonly to: number;
  readonly rules: (port: DesiredPort, settings: ProxySettings) => PlannedRules;
}

/** The versions of which the rules of services are known one by one: read in the source, and in captures at 1.20 and 1.30. */
const KNOWN: readonly KnownRules[] = [
  { mode: 'iptables', from: 20, to: 20, rules: olderServiceRules },
  { mode: 'iptables', from: 25, to: 36, rules: iptablesServiceRules },
  { mode: 'nftables', from: 29, to: 30, rules: nftServiceRules },
];

/** The rules of one service port, where those of this mode and version are known; ipvs mode has none of its own. */
export function serviceRules(port: DesiredPort, settings: ProxySettings): PlannedRules | undefined {
  return knownRules(settings)?.rules(port, settings);
}

/** Whether the rules of services are known one by one for a mode and version. */
export function knowsServiceRules(settings: ProxySettings): boolean {
  return knownRules(settings) !== undefined;
}

function knownRules({ mode, minor }: ProxySettings): KnownRules | undefined {
  return KNOWN.find((known) => known.mode === mode && minor >= known.from && minor <= known.to);
}
