import { isKubeProxyTable } from '../proxy/nftables/names.ts';
import { survivalCounts, type Survived } from '../services/survival-counts.ts';
import type { Survival } from '../services/survival.ts';
import type { Draft } from './draft.ts';
import { seenAt } from './draft.ts';
import type { Judgement } from './judgement.ts';
import { claimEverything, MECHANISM } from './mode.ts';
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
  return [...(mode === undefined ? [] : [mode]), ...served];
}

function modeDraft(judgement: Judgement, survival: Survival, isLoss: boolean): Draft | undefined {
  const was = judgement.before.facts.proxyMode;
  const is = judgement.after.facts.proxyMode;
  if (was?.value === is?.value) return undefined;
  const explains = claimEverything(judgement);
  const { servicePorts, frontends, endpoints } = survivalCounts(survival);
  const count = ({ of, survived }: Survived, what: string): string => `${survived} of ${of} ${what}`;
  const text = `proxy mode ${was?.value ?? 'none'} → ${is?.value ?? 'none'}: ${count(servicePorts, 'service ports')}, ${count(frontends, 'frontends')} (address, port and kind of sender) and ${count(endpoints, 'endpoints')} survived`;
  return {
    id: 'kube.mode.changed',
    severity: isLoss ? 'critical' : 'warning',
    effect: isLoss ? 'lost' : 'redirected',
    certainty: 'proven',
    subject: { kind: 'config', name: 'proxy-mode' },
    before: { proxyMode: was?.value ?? 'none' },
    after: { proxyMode: is?.value ?? 'none' },
    text,
    details: [
      { label: 'before', text: was === undefined ? 'nothing leads to services' : `services are handled by ${MECHANISM[was.value]}: ${was.because}` },
      { label: 'after', text: is === undefined ? 'nothing leads to services' : `services are handled by ${MECHANISM[is.value]}: ${is.because}` },
    ],
    explains,
    origins: seenAt(was?.origins[0], is?.origins[0]),
  };
}
