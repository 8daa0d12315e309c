import { ipvsReadiness } from '../services/ipvs-readiness.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { Severity } from '../report.ts';
import { findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.ipset-program-missing',
    severity: 'warning',
    title: 'ipvs mode is configured and the program ipset is missing',
    why: 'kube-proxy falls back to iptables mode, or exits from 1.26 on',
  },
  {
    id: 'lint.kube.ipvs-unusable',
    severity: 'warning',
    title: 'ipvs mode is configured and not available',
    why: 'kube-proxy falls back to iptables mode, or exits from 1.26 on',
  },
  {
    id: 'lint.kube.scheduler-unknown',
    severity: 'critical',
    title: 'the configured scheduler does not exist',
    why: 'kube-proxy does not start',
  },
  {
    id: 'lint.modules.ipvs-incomplete',
    severity: 'warning',
    title: 'a module that ipvs mode needs is missing',
    why: 'kube-proxy falls back to iptables mode, or exits from 1.26 on',
    needs: ['modules'],
  },
]);

export const readiness: FindingRule = { kinds, find: readinessFindings };

/** Why ipvs mode was asked for and does not run. A node that runs in ipvs mode, or was not asked to, has nothing to tell. */
function readinessFindings(view: NodeView): FoundThing[] {
  const readiness = ipvsReadiness(view);
  const { missing, asked, used, text, origins } = readiness;
  if (readiness.verdict !== 'cannot' || missing === undefined) return [];
  const id = (
    {
      module: 'lint.modules.ipvs-incomplete',
      program: 'lint.kube.ipset-program-missing',
      scheduler: 'lint.kube.scheduler-unknown',
      other: 'lint.kube.ipvs-unusable',
    } as const
  )[missing.kind];
  // Nobody may have asked for ipvs mode: then its module is missing by right, and only a proxy that does not run is a matter.
  const severity: Severity = used === 'none' ? 'critical' : asked === 'ipvs' ? 'warning' : 'none';
  const lookAt = missing.kind === 'module' ? `modprobe ${missing.module}` : missing.kind === 'program' ? 'ipset --version' : undefined;
  return [
    finding(id, {
      severity,
      subject: { kind: missing.kind === 'module' ? 'module' : 'config', name: missing.kind === 'module' ? missing.module : 'proxy mode' },
      text,
      ...(asked === 'ipvs' ? {} : { certainty: 'heuristic' as const }),
      ...(lookAt === undefined ? {} : { lookAt }),
      origins,
    }),
  ];
}
