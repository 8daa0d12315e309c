import { compareVersions } from '../../common/compare-versions.ts';
import type { Comparison } from '../comparison.ts';
import type { PendingChange } from '../pending-change.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';

const VERSION_CHANGES = [
  {
    id: 'kube.proxy.upgraded',
    severity: 'none',
    title: 'kube-proxy is of a later version',
    why: 'what that does to traffic is shown by its rules',
    mirror: 'kube.proxy.downgraded',
  },
  {
    id: 'kube.proxy.downgraded',
    severity: 'none',
    title: 'kube-proxy is of an earlier version',
    why: 'what that does to traffic is shown by its rules',
    mirror: 'kube.proxy.upgraded',
  },
] as const satisfies readonly ChangeKind[];

export const proxyVersion: ChangeRule = { kinds: VERSION_CHANGES, find: each(versionChanges) };

/** kube-proxy says on both sides which version it is of, and it is another one. */
function versionChanges({ before, after }: Comparison): PendingChange[] {
  const [was, is] = [before.model.proxyVersion, after.model.proxyVersion];
  if (was === undefined || is === undefined || was === is) return [];
  const isLater = compareVersions(was, is) < 0;
  return [
    {
      id: isLater ? 'kube.proxy.upgraded' : 'kube.proxy.downgraded',
      severity: 'none',
      effect: 'none',
      certainty: 'proven',
      subject: { kind: 'config', name: 'kube-proxy' },
      before: { version: was },
      after: { version: is },
      text: `kube-proxy was ${isLater ? 'upgraded' : 'downgraded'} from ${was} to ${is}`,
      origins: [],
    },
  ];
}
