import type { NodeKnowledge } from '../read/kinds/knowledge.ts';
import { endpointRules } from './endpoint-rules.ts';
import type { ProxySettings } from './settings.ts';

/** Which of the inputs that versions and gates treat otherwise some object of a cluster has. */
export interface InputsUsed {
  readonly hints: boolean;
  readonly terminating: boolean;
  readonly internalPolicy: boolean;
  readonly externalPolicy: boolean;
  readonly ipMode: boolean;
}

/** Looks through the objects once. */
export function inputsUsed({ services, endpointPorts }: Pick<NodeKnowledge, 'services' | 'endpointPorts'>): InputsUsed {
  const endpoint = (has: (one: (typeof endpointPorts)[number]['value']['endpoints'][number]) => boolean): boolean =>
    endpointPorts.some(({ value }) => value.endpoints.some(has));
  return {
    hints: endpoint(({ zoneHints, nodeHints }) => zoneHints !== undefined || nodeHints !== undefined),
    terminating: endpoint(({ ready, serving, terminating }) => !ready && serving && terminating),
    internalPolicy: services.some(({ value }) => value.internalTrafficPolicy === 'Local'),
    externalPolicy: services.some(({ value }) => value.externalTrafficPolicy === 'Local'),
    ipMode: services.some(({ value }) => (value.proxyModeIps?.length ?? 0) > 0),
  };
}

/** Equal for settings that lead to the same for every object. */
export function readingKey(settings: ProxySettings, used: InputsUsed): string {
  const { terminating, hints, nodeHints, internalPolicy, separateLists, ipMode } = endpointRules(settings);
  const { minor, zone, mode } = settings;
  const policies = used.internalPolicy || used.externalPolicy;
  return JSON.stringify([
    used.terminating && terminating,
    used.hints && [hints, nodeHints, zone],
    used.internalPolicy && internalPolicy,
    // Before 1.25 hints and the internal policy narrow other lists.
    (policies || used.hints || used.terminating) && separateLists,
    used.ipMode && ipMode,
    // Sets, rules and addresses of ipvs mode differ by version too, whatever the objects hold.
    mode === 'ipvs'
      ? Math.min(minor, 30)
      : [minor < 25, used.externalPolicy && minor >= 29, used.externalPolicy && mode === 'nftables' && minor >= 34],
  ]);
}
