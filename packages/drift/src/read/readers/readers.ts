import { type OutputReader, outputReaders } from '@netdrift/core';
import { unreadLine } from './diagnostics.ts';
import { errorAnswer } from './error-answer.ts';
import { kubeProxyLog } from './logs/kube-proxy-log.ts';
import { kubectlDescribeService } from './kubectl/kubectl-describe-service.ts';
import { kubectlEndpoints } from './kubectl/kubectl-endpoints.ts';
import { kubectlEndpointSlices } from './kubectl/kubectl-endpointslices.ts';
import { kubectlNodes } from './kubectl/kubectl-nodes.ts';
import { kubectlPods } from './kubectl/kubectl-pods.ts';
import { kubectlServices } from './kubectl/kubectl-services.ts';
import { kubernetesObjects } from './kubernetes-objects.ts';
import type { Reader } from './reader.ts';

/** The small readers, in the order in which they are tried: the pickier first. */
export const READERS: readonly Reader[] = [
  kubernetesObjects,
  kubectlServices,
  kubectlEndpointSlices,
  kubectlEndpoints,
  kubectlPods,
  kubectlNodes,
  kubectlDescribeService,
  ...outputReaders.map(withDiagnostics),
  errorAnswer,
  kubeProxyLog,
];

/** A reader of core, with what it could not read told as every reader tells it. */
function withDiagnostics({ title, read }: OutputReader): Reader {
  return {
    title,
    read: (text) => {
      const output = read(text);
      if (output?.unread === undefined) return output;
      const { unread, ...value } = output;
      return { ...value, diagnostics: unread.map((line) => unreadLine(line.text, line, line.expected)) };
    },
  };
}
