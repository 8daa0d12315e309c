import type { ProxySettings } from './settings.ts';

/** How a version of kube-proxy, with its feature gates, chooses endpoints. */
export interface EndpointRules {
  /** Which endpoints that are ending and still serve stand in where none is ready. */
  readonly terminating: 'none' | 'local' | 'any';
  /** Where hints count at all. */
  readonly hints: 'never' | 'annotation is Auto' | 'annotation is not disabled' | 'always';
  /** Whether hints for nodes are read (`PreferSameNode`). */
  readonly nodeHints: boolean;
  readonly internalPolicy: boolean;
  /**
   * Cluster and Local lists are chosen each by itself, and policy Local without a local endpoint gives, in ipvs mode, the cluster list
   * (`CategorizeEndpoints`). Before, internalTrafficPolicy Local narrowed the endpoints of every address of the service.
   */
  readonly separateLists: boolean;
  /** Whether `ipMode: Proxy` of a load-balancer address is read. */
  readonly ipMode: boolean;
}

interface Gate {
  readonly name: string;
  /** First minor version that knows it. */
  readonly from: number;
  /** First minor version in which it is on unless it is switched off; missing = in none. */
  readonly on?: number;
  /** First minor version in which it can no longer be switched off. */
  readonly locked?: number;
}

/** Read in `pkg/features/kube_features.go` of 1.20 to 1.36. */
const GATES = {
  terminating: { name: 'ProxyTerminatingEndpoints', from: 22, on: 26, locked: 28 },
  hints: { name: 'TopologyAwareHints', from: 21, on: 24, locked: 33 },
  trafficDistribution: { name: 'ServiceTrafficDistribution', from: 30, on: 31, locked: 33 },
  sameNode: { name: 'PreferSameTrafficDistribution', from: 33, on: 34, locked: 35 },
  internalPolicy: { name: 'ServiceInternalTrafficPolicy', from: 21, on: 22, locked: 26 },
  ipMode: { name: 'LoadBalancerIPMode', from: 29, on: 30, locked: 32 },
} as const satisfies Readonly<Record<string, Gate>>;

/** The rules by which kube-proxy with these settings chooses endpoints (`pkg/proxy/topology.go`, and `ipvs/proxier.go` before 1.25). */
export function endpointRules(settings: Pick<ProxySettings, 'minor' | 'gates' | 'mode'>): EndpointRules {
  const { minor, mode } = settings;
  const on = (gate: Gate): boolean => isOn(gate, settings);
  const separateLists = minor >= 25;
  const hints = (): EndpointRules['hints'] => {
    if (on(GATES.trafficDistribution)) return 'always';
    if (!on(GATES.hints)) return 'never';
    return minor < 27 ? 'annotation is Auto' : 'annotation is not disabled';
  };
  return {
    terminating: !on(GATES.terminating) ? 'none' : mode === 'ipvs' && !separateLists ? 'local' : 'any',
    hints: hints(),
    nodeHints: on(GATES.sameNode),
    internalPolicy: on(GATES.internalPolicy),
    separateLists,
    ipMode: on(GATES.ipMode),
  };
}

function isOn({ name, from, on, locked }: Gate, { minor, gates }: Pick<ProxySettings, 'minor' | 'gates'>): boolean {
  if (minor < from) return false;
  const byDefault = on !== undefined && minor >= on;
  return locked !== undefined && minor >= locked ? byDefault : (gates?.[name] ?? byDefault);
}

/** The gates whose default decides which endpoints are chosen at a version, for settings of which the gates are not known. */
export function openGates(minor: number): readonly string[] {
  return Object.values(GATES)
    .filter((gate: Gate) => minor >= gate.from && !(gate.locked !== undefined && minor >= gate.locked))
    .map(({ name }) => name);
}
