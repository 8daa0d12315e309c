import { chainRole, isServiceChain } from '../kubernetes/chain-roles.ts';
import type { ProxyMode } from '../kubernetes/facts.ts';
import { frontendLabel, type Frontend } from '../kubernetes/frontends.ts';
import type { Detail, ExplainedDifference, Severity } from '../report.ts';
import { type Draft, seenAt } from './draft.ts';
import type { Judgement } from './judgement.ts';
import { endpointsText, listed } from './words.ts';

const MECHANISM: { readonly [Mode in ProxyMode]: string } = {
  ipvs: 'IPVS',
  iptables: 'iptables rules',
  userspace: 'a process of kube-proxy (userspace mode)',
  mixed: 'IPVS and iptables rules at once',
};

/** A change of the mechanism that leads to services. It explains every change of chains, sets and virtual services of kube-proxy. */
export function judgeMode(judgement: Judgement): Draft[] {
  const was = judgement.before.facts.proxyMode;
  const is = judgement.after.facts.proxyMode;
  if (was === undefined || is === undefined || was.value === is.value) return [];
  const explains = claimEverything(judgement);
  const fate = frontendFate(judgement);
  const severity: Severity = fate.lost.length > 0 ? 'critical' : 'warning';
  const text = `services are led by ${MECHANISM[is.value]} now, they were led by ${MECHANISM[was.value]} (proxy mode ${was.value} → ${is.value})`;
  const details: Detail[] = [
    { label: 'because', text: `before: ${was.because}; after: ${is.because}` },
    ...fate.details,
  ];
  const origins = seenAt(was.origins[0], is.origins[0]);
  return [
    {
      id: 'kube.mode.changed',
      severity,
      effect: fate.lost.length > 0 ? 'lost' : 'redirected',
      certainty: 'heuristic',
      subject: { kind: 'config', name: 'proxy-mode' },
      before: { proxyMode: was.value },
      after: { proxyMode: is.value },
      text,
      details,
      explains,
      origins,
      cause: { id: 'cause.proxy-mode-changed', certainty: 'heuristic', text, details },
    },
  ];
}

function claimEverything(judgement: Judgement): ExplainedDifference[] {
  const explains: ExplainedDifference[] = [];
  const claim = (difference: object, id: string, subject: string): void => {
    if (judgement.told.has(difference)) return;
    judgement.told.add(difference);
    explains.push({ id, subject });
  };
  for (const table of judgement.differences.tables) {
    const name = table.after.name;
    for (const chain of table.changed) {
      const own = chainRole(chain.after.name) !== undefined && chain.after.name !== 'KUBE-POSTROUTING' && chain.after.name !== 'KUBE-MARK-MASQ';
      for (const rule of chain.rules) {
        const entry = rule.kind === 'removed' ? rule.before : rule.after;
        if (own) claim(rule, `iptables.rule.${rule.kind}`, `${name} ${chain.after.name}#${entry.number}`);
      }
    }
    for (const chain of table.added) if (chainRole(chain.name) !== undefined) claim(chain, 'iptables.chain.added', `${name} ${chain.name}`);
    for (const chain of table.removed) if (isServiceChain(chain.name) || chainRole(chain.name) !== undefined) claim(chain, 'iptables.chain.removed', `${name} ${chain.name}`);
  }
  return explains;
}

interface Fate {
  readonly lost: readonly Frontend[];
  readonly details: readonly Detail[];
}

/** What became of each place where a service answered. */
function frontendFate({ before, after, flows }: Judgement): Fate {
  // What IPVS serves cannot be told without its table.
  const unseen = after.facts.proxyMode?.value === 'ipvs' && after.model.ipvs === undefined;
  const lost = unseen ? [] : [...before.frontends.values()].filter((frontend) => !serves(frontend, after.frontends));
  const kept = [...before.frontends.values()].filter((frontend) => serves(frontend, after.frontends));
  const gained = [...after.frontends.values()].filter((frontend) => !serves(frontend, before.frontends));
  const details: Detail[] = [];
  const total = before.frontends.size;
  if (unseen) details.push({ label: 'effect', text: `no rule translates ${labels([...before.frontends.values()])} any more; whether IPVS does cannot be told, its table is not in the snapshot` });
  else if (total > 0) details.push({ label: 'after', text: `${kept.length} of ${total} service ${total === 1 ? 'address is' : 'addresses are'} served after the change` });
  if (lost.length > 0) details.push({ label: 'effect', text: `nothing leads from ${labels(lost)} to an endpoint any more` });
  if (gained.length > 0) {
    const reached = flows.all.find((flow) => flow.frontend !== undefined && !before.frontends.has(flow.frontend.key) && flow.after.endpoints.length > 0);
    const to = gained.length <= 2 && reached !== undefined ? `, to ${endpointsText(reached.after.endpoints)}` : '';
    details.push({ label: 'also', text: `new: ${labels(gained)}${to}` });
  }
  if (before.facts.proxyMode?.value === 'ipvs' && before.model.ipvs === undefined) details.push({ label: 'if', text: 'IPVS had endpoints for its addresses; its table is not in the snapshot' });
  return { lost, details };
}

function serves(frontend: Frontend, others: ReadonlyMap<string, Frontend>): boolean {
  return others.has(frontend.key) || others.has(`${frontend.protocol} *:${frontend.port}`);
}

function labels(frontends: readonly Frontend[]): string {
  return listed(frontends.map(frontendLabel).sort(), 5);
}
