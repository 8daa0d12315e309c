import { conntrack } from './conntrack.ts';
import { errorAnswer } from './error-answer.ts';
import { interfaceAddresses } from './interface-addresses.ts';
import { kernelRelease } from './kernel-release.ts';
import { kubeProxyLog } from './logs/kube-proxy-log.ts';
import { kubeProxyVersion } from './kube-proxy-version.ts';
import { kubectlDescribeService } from './kubectl/kubectl-describe-service.ts';
import { kubectlEndpoints } from './kubectl/kubectl-endpoints.ts';
import { kubectlEndpointSlices } from './kubectl/kubectl-endpointslices.ts';
import { kubectlPods } from './kubectl/kubectl-pods.ts';
import { kubectlServices } from './kubectl/kubectl-services.ts';
import { kubernetesObjects } from './kubernetes-objects.ts';
import { proxyMode } from './proxy-mode.ts';
import type { Reader } from './reader.ts';
import { routes, rules, sockets } from './routes.ts';
import { sysctl } from './sysctl.ts';
import { toolVersion } from './tool-version.ts';

/** The small readers, in the order in which they are tried: the pickier first. */
export const READERS: readonly Reader[] = [
  kubernetesObjects,
  kubectlServices,
  kubectlEndpointSlices,
  kubectlEndpoints,
  kubectlPods,
  kubectlDescribeService,
  interfaceAddresses,
  routes,
  rules,
  sockets,
  conntrack,
  proxyMode,
  kubeProxyVersion,
  toolVersion,
  kernelRelease,
  errorAnswer,
  kubeProxyLog,
  sysctl,
];
