import type { ProxyMode } from '../../proxy/facts/fact.ts';
import type { SideView } from '../side.ts';

const MODES: readonly ProxyMode[] = ['ipvs', 'iptables', 'nftables', 'userspace'];

/** The mode that runs on a side: as its tables show; where they are of more than one mode, or of none, as kube-proxy says. */
export function runningMode({ facts, model }: Pick<SideView, 'facts' | 'model'>): ProxyMode | undefined {
  const shown = facts.proxyMode?.value;
  if (shown !== undefined && shown !== 'mixed') return shown;
  return MODES.find((mode) => mode === model.proxyModeAnswer) ?? shown;
}

/** `iptables`; `iptables, beside what another mode left` where tables of more than one mode are there. */
export function modeText(side: SideView): string {
  const mode = runningMode(side) ?? 'none';
  if (side.facts.proxyMode?.value !== 'mixed') return mode;
  return mode === 'mixed' ? 'mixed (several mechanisms at once)' : `${mode} (beside what another mode left)`;
}
