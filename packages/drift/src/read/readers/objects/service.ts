import type { ObjectIngress, ObjectPort, ObjectService } from '../read-object.ts';
import { at, booleanAt, type Json, listAt, numberAt, portAt, shown, textAt, textMapAt, textsAt } from './json-value.ts';
import { HEADLESS, metadataOf, PROXY_NAME } from './metadata.ts';

/** A Service of the API `v1`, as Kubernetes 1.2 to 1.34 write it. */
export function serviceOf(object: Json, line: number): ObjectService {
  const spec = at(object, 'spec');
  const clusterIps = textsAt(spec, 'clusterIPs');
  const addresses = clusterIps.length > 0 ? clusterIps : [textAt(spec, 'clusterIP') ?? ''];
  const ingress = listAt(object, 'status', 'loadBalancer', 'ingress').map(ingressOf);
  const families = textsAt(spec, 'ipFamilies');
  const requested = textAt(spec, 'loadBalancerIP');
  return {
    ...metadataOf(object),
    ...shown('type', textAt(spec, 'type')),
    headless: addresses.includes('None'),
    clusterIps: addresses.filter((address) => address !== 'None' && address !== ''),
    externalIps: textsAt(spec, 'externalIPs'),
    loadBalancerIps: ingress.map(({ ip = '' }) => ip).filter((ip) => ip !== ''),
    ...(ingress.length === 0 ? {} : { ingress }),
    ports: listAt(spec, 'ports').flatMap(portOf),
    ...shown('externalTrafficPolicy', textAt(spec, 'externalTrafficPolicy')),
    ...shown('internalTrafficPolicy', textAt(spec, 'internalTrafficPolicy')),
    ...shown('trafficDistribution', textAt(spec, 'trafficDistribution')),
    affinitySeconds:
      textAt(spec, 'sessionAffinity') === 'ClientIP'
        ? (numberAt(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') ?? 10_800)
        : 0,
    sourceRanges: textsAt(spec, 'loadBalancerSourceRanges'),
    ...shown('healthCheckNodePort', numberAt(spec, 'healthCheckNodePort') || undefined),
    ...shown('selector', textMapAt(spec, 'selector')),
    ...(families.length === 0 ? {} : { ipFamilies: families }),
    ...shown('ipFamilyPolicy', textAt(spec, 'ipFamilyPolicy')),
    ...shown('loadBalancerClass', textAt(spec, 'loadBalancerClass')),
    ...shown('requestedLoadBalancerIp', requested === '' ? undefined : requested),
    ...shown('allocateLoadBalancerNodePorts', booleanAt(spec, 'allocateLoadBalancerNodePorts')),
    ...shown('publishNotReadyAddresses', booleanAt(spec, 'publishNotReadyAddresses')),
    ...shown('externalName', textAt(spec, 'externalName')),
    ...routingOf(object, ingress),
    line,
  };
}

/** What decides whether kube-proxy serves a service at all, and which endpoints it prefers. */
function routingOf(object: Json, ingress: readonly ObjectIngress[]): Partial<ObjectService> {
  const proxyModeIps = ingress.flatMap(({ ip, ipMode }) => (ipMode === 'Proxy' && ip !== undefined ? [ip] : []));
  const annotation = (name: string): string | undefined => textAt(object, 'metadata', 'annotations', `service.kubernetes.io/${name}`);
  return {
    ...(proxyModeIps.length === 0 ? {} : { proxyModeIps }),
    ...shown('topologyMode', annotation('topology-aware-hints') ?? annotation('topology-mode')),
    ...shown('serviceProxyName', textAt(object, 'metadata', 'labels', PROXY_NAME)),
    ...(textAt(object, 'metadata', 'labels', HEADLESS) === undefined ? {} : { headlessLabel: true }),
  };
}

function ingressOf(ingress: Json): ObjectIngress {
  return {
    ...shown('ip', textAt(ingress, 'ip')),
    ...shown('hostname', textAt(ingress, 'hostname')),
    ...shown('ipMode', textAt(ingress, 'ipMode')),
  };
}

/** None for one without a number: what Kubernetes would not take is told with the object. */
function portOf(entry: Json): ObjectPort[] {
  const port = portAt(entry, 'port');
  if (port === undefined) return [];
  return [
    {
      name: textAt(entry, 'name') ?? '',
      port,
      protocol: (textAt(entry, 'protocol') ?? 'TCP').toLowerCase(),
      ...shown('nodePort', numberAt(entry, 'nodePort') || undefined),
      ...shown('targetPort', textAt(entry, 'targetPort') ?? numberAt(entry, 'targetPort')),
      ...shown('appProtocol', textAt(entry, 'appProtocol')),
    },
  ];
}
