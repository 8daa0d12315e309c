import { chainRole } from '../kubernetes/chain-roles.ts';
import type { Detail, ExplainedDifference } from '../report.ts';
import { isKubeProxyTable } from '../proxy/nftables/names.ts';
import { survivalCounts, type Survived } from '../services/survival-counts.ts';
import type { Survival } from '../services/survival.ts';
import { type Draft, seenAt } from './draft.ts';
import type { Judgement } from './judgement.ts';
import { claimEverything, MECHANISM } from './mode-claims.ts';
import { judgeServed } from './served-frontends.ts';

/** Whether kube-proxy's tables of nft serve on a side: then services are compared by what becomes of packets. */
export function concernsNft(judgement: Judgement): boolean {
  const sides = [judgement.before, judgement.after];
  // A side that shows neither tables of nft nor another mechanism that serves shows nothing to compare with.
  if (sides.some(({ model, facts }) => model.nft === undefined && facts.proxyMode === undefined)) return false;
  return sides.some(({ model }) => [...(model.nft?.tables.values() ?? [])].some(isKubeProxyTable));
}

/**
 * Services where a side has kube-proxy's tables of nft. A change of the mode is told first, with what survived of what was served: it is critical
 * where anything was lost, or where that cannot be told.
 */
export function judgeNftServices(judgement: Judgement): Draft[] {
  if (!concernsNft(judgement)) return [];
  const survival = judgement.survival();
  const served = judgeServed(survival);
  const mode = modeDraft(judgement, survival, served.some(({ severity }) => severity === 'critical'));
  return mode === undefined ? served : [mode, ...served];
}

/** Jumps from the built-in chains into chains of kube-proxy go and come with the mode. */
function claimAnchors({ differences, told }: Judgement): ExplainedDifference[] {
  return differences.tables.flatMap(({ after, changed }) =>
    changed.flatMap((chain) =>
      chain.rules.flatMap((rule) => {
        const entry = rule.kind === 'removed' ? rule.before : rule.after;
        if (told.has(rule) || entry.target.kind !== 'jump' || chainRole(entry.target.chain) === undefined) return [];
        told.add(rule);
        return [{ id: `iptables.rule.${rule.kind}`, subject: `${after.name} ${chain.after.name}#${entry.number}` }];
      }),
    ),
  );
}

/** Whether the mode changed to or from that of nft: everything that the other mode made goes or comes with it. */
export function changesNftMode(judgement: Judgement): boolean {
  return concernsNft(judgement) && judgement.before.facts.proxyMode?.value !== judgement.after.facts.proxyMode?.value;
}

function modeDraft(judgement: Judgement, survival: Survival, isLoss: boolean): Draft | undefined {
  const was = judgement.before.facts.proxyMode;
  const is = judgement.after.facts.proxyMode;
  if (was?.value === is?.value) return undefined;
  const explains = [...claimEverything(judgement), ...claimAnchors(judgement)];
  const { servicePorts, frontends, endpoints } = survivalCounts(survival);
  const count = ({ of, survived }: Survived, what: string): string => `${survived} of ${of} ${what}`;
  const text = `proxy mode ${was?.value ?? 'none'} → ${is?.value ?? 'none'}: ${count(servicePorts, 'service ports')}, ${count(frontends, 'frontends')} (address, port and kind of sender) and ${count(endpoints, 'endpoints')} survived`;
  const details: readonly Detail[] = [
    { label: 'before', text: was === undefined ? 'nothing leads to services' : `services are handled by ${MECHANISM[was.value]}: ${was.because}` },
    { label: 'after', text: is === undefined ? 'nothing leads to services' : `services are handled by ${MECHANISM[is.value]}: ${is.because}` },
  ];
  return {
    id: 'kube.mode.changed',
    severity: isLoss ? 'critical' : 'warning',
    effect: isLoss ? 'lost' : 'redirected',
    certainty: 'proven',
    subject: { kind: 'config', name: 'proxy-mode' },
    before: { proxyMode: was?.value ?? 'none' },
    after: { proxyMode: is?.value ?? 'none' },
    text,
    details,
    explains,
    // It is told before everything else.
    cause: { id: 'cause.proxy-mode-changed', certainty: 'proven', text, details },
    origins: seenAt(was?.origins[0], is?.origins[0]),
  };
}
