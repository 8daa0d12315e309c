import type { DesiredPort } from './desired-ports.ts';
import { iptablesServiceRules } from './iptables-service-rules.ts';
import { nftServiceRules } from './nftables-service-rules.ts';
import type { PlannedRules } from './service-plan.ts';
import type { ProxySettings } from './settings.ts';

/** The versions of which the rules of services are known one by one: read in the source, and in captures at 1.30. */
const VERSIONS = { iptables: { from: 25, to: 36, rules: iptablesServiceRules }, nftables: { from: 29, to: 30, rules: nftServiceRules } } as const;

/** The rules of one service port, where those of this mode and version are known; ipvs mode has none of its own. */
export function serviceRules(port: DesiredPort, settings: ProxySettings): PlannedRules | undefined {
  return knowsServiceRules(settings) && settings.mode !== 'ipvs' ? VERSIONS[settings.mode].rules(port, settings) : undefined;
}

/** Whether the rules of services are known one by one for a mode and version. */
export function knowsServiceRules({ mode, minor }: ProxySettings): boolean {
  return mode !== 'ipvs' && minor >= VERSIONS[mode].from && minor <= VERSIONS[mode].to;
}
