import type { ModuleDifference } from '../../differences/difference.ts';
import type { ProxyMode } from '../../proxy/facts/fact.ts';
import { generationOf } from '../../proxy/facts/generation.ts';
import { missingText } from '../../services/ipvs-obstacles.ts';
import type { PendingChange, SidedOrigin } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import { listed } from '../words.ts';
import type { ChangeKind } from '../rule.ts';
import { modulesMissing, requiredModules } from './machine.ts';

export const FALLBACK_CHANGES = [
  {
    id: 'kube.mode.fallback',
    severity: 'by effect',
    title: 'kube-proxy fell back from ipvs to iptables',
    why: 'connections reach endpoints in another way',
    mirror: 'kube.mode.recovered',
  },
  {
    id: 'kube.mode.recovered',
    severity: 'by effect',
    title: 'kube-proxy is in ipvs mode again after a fallback',
    why: 'connections reach endpoints in another way',
    mirror: 'kube.mode.fallback',
  },
] as const satisfies readonly ChangeKind[];

/** A change of the mode for want of modules. */
interface Fallback {
  readonly id: string;
  readonly text: string;
  /** The modules whose loss, or whose return, explains it. */
  readonly modules: ReadonlyMap<ModuleDifference, PendingChange>;
  /** Where the log says so. */
  readonly origins: readonly SidedOrigin[];
}

/**
 * kube-proxy asked for ipvs and ran by iptables rules for want of something, or does so no longer: by its log, or by the modules that came
 * or went.
 */
export function fallbackOf(was: ProxyMode | undefined, is: ProxyMode | undefined, comparison: Comparison): Fallback | undefined {
  const fell = was === 'ipvs' && is === 'iptables';
  if (!fell && !(was === 'iptables' && is === 'ipvs')) return undefined;
  const lacking = fell ? comparison.after : comparison.before;
  if (lacking.missing === undefined && !mayFallBack(lacking)) return undefined;
  const modules = requiredModules(comparison, fell ? 'removed' : 'added');
  const said = modulesMissing(lacking);
  const names = said.length > 0 ? said : [...modules.values()].map(({ subject }) => subject.name).sort();
  if (names.length === 0 && lacking.missing === undefined) return undefined;
  const which = `${names.length === 1 ? 'module' : 'modules'} ${listed(names)}, which ipvs mode needs, ${names.length === 1 ? 'is' : 'are'}`;
  const other = names.length === 0 && lacking.missing !== undefined ? missingText(lacking.missing.missing) : undefined;
  const origins = lacking.missing?.origins.map((origin) => ({ side: lacking.side, origin })) ?? [];
  return fell
    ? { id: 'kube.mode.fallback', text: `kube-proxy fell back from ipvs to iptables: ${other ?? `${which} missing`}`, modules, origins }
    : {
        id: 'kube.mode.recovered',
        text: `kube-proxy is in ipvs mode, no longer in iptables mode${other === undefined ? `: ${which} there now` : ` (before: ${other})`}`,
        modules,
        origins,
      };
}

/** From 1.26 on kube-proxy does not fall back: it exits. */
function mayFallBack({ model }: SideView): boolean {
  const version = model.proxyVersion?.replace(/^v/, '') ?? generationOf(model)?.value.from ?? '1.0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 1 && minor < 26;
}
