import type { LogLine } from './logs/log-line.ts';

// [preflight] running pre-flight checks
// [WARNING RequiredIPVSKernelModulesAvailable]: the IPVS proxier will not be used, because …
// The IPVS proxier may not be used because the following required kernel modules are not loaded: [ip_vs_sh ip_vs]
const PREFLIGHT =
  /^\s*(?:\[preflight\] |\[WARNING RequiredIPVSKernelModulesAvailable\]: ?|(?=The IPVS proxier (?:may|will) not be used ))(.*)$/;

/** A line of kubeadm's check before it sets up a node (1.10 to 1.18), as a line of a log. */
export function preflightReading(text: string): LogLine | undefined {
  const message = PREFLIGHT.exec(text)?.[1];
  return message === undefined ? undefined : { level: 'W', message: message.trimEnd(), values: new Map() };
}
