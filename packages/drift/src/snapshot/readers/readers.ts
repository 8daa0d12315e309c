import { interfaceAddresses } from './interface-addresses.ts';
import { kubectlEndpoints } from './kubectl-endpoints.ts';
import { kubectlServices } from './kubectl-services.ts';
import { proxyMode } from './proxy-mode.ts';
import type { Reader } from './reader.ts';

/** The small readers, in the order in which they are tried. */
export const READERS: readonly Reader[] = [kubectlServices, kubectlEndpoints, interfaceAddresses, proxyMode];
