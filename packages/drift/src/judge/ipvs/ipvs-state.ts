import type { IpvsDaemon, IpvsState } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import { listed } from '../words.ts';
import { type ChangeKind, type ChangeRule, each } from '../rule.ts';

const IPVS_STATE_CHANGES = [
  {
    id: 'ipvs.timeouts.changed',
    severity: 'notice',
    title: 'idle connections are forgotten after another time',
    why: 'what comes later may go to another destination',
  },
  {
    id: 'ipvs.daemon.added',
    severity: 'notice',
    title: 'a synchronisation daemon runs now',
    why: 'connections are kept in step with another machine',
    mirror: 'ipvs.daemon.removed',
  },
  {
    id: 'ipvs.daemon.removed',
    severity: 'warning',
    title: 'a synchronisation daemon no longer runs',
    why: 'a machine that takes over does not have the connections',
    mirror: 'ipvs.daemon.added',
  },
  {
    id: 'ipvs.daemon.changed',
    severity: 'warning',
    title: 'a synchronisation daemon has other settings',
    why: 'unless the other machine has them too, connections are not kept in step',
  },
] as const satisfies readonly ChangeKind[];

export const ipvsState: ChangeRule = { kinds: IPVS_STATE_CHANGES, find: each(judgeIpvsState) };

/** Changes of what IPVS holds beside its table: timeouts of idle connections and the daemons that synchronise them. */
function judgeIpvsState({ before, after }: Comparison): PendingChange[] {
  const [was, is] = [before.model.ipvsState, after.model.ipvsState];
  return was === undefined || is === undefined ? [] : [...timeoutChanges(was, is), ...daemonChanges(was, is)];
}

const TIMEOUTS = [
  ['tcp', 'TCP connections'],
  ['tcpfin', 'TCP connections after a FIN'],
  ['udp', 'UDP flows'],
] as const;

function timeoutChanges({ timeouts: before }: IpvsState, { timeouts: after }: IpvsState): PendingChange[] {
  if (before === undefined || after === undefined) return [];
  const changed = TIMEOUTS.filter(([name]) => before[name] !== after[name]);
  if (changed.length === 0) return [];
  const { origin: one, ...was } = before;
  const { origin: other, ...is } = after;
  const told = changed.map(([name, what]) => `${what} ${before[name]} s → ${after[name]} s`);
  return [
    {
      id: 'ipvs.timeouts.changed',
      severity: 'notice',
      effect: 'attribute',
      certainty: 'proven',
      subject: { kind: 'config', name: 'ipvs timeouts' },
      before: was,
      after: is,
      text: `IPVS forgets idle connections after another time: ${listed(told)}`,
      details: [{ label: 'effect', text: 'what comes after that time is taken for a new connection, and may go to another destination' }],
      origins: seenAt(one, other),
    },
  ];
}

function daemonChanges({ daemons: before }: IpvsState, { daemons: after }: IpvsState): PendingChange[] {
  if (before === undefined || after === undefined) return [];
  return (['master', 'backup'] as const).flatMap((role) => {
    const was = before.get(role);
    const is = after.get(role);
    const text = daemonText(was, is);
    return text === undefined ? [] : [daemonChange(role, was, is, text)];
  });
}

/** What differs of one daemon, or undefined. */
function daemonText(was: IpvsDaemon | undefined, is: IpvsDaemon | undefined): string | undefined {
  if (was === undefined && is === undefined) return undefined;
  if (is === undefined) return `the ${was?.role} synchronisation daemon of IPVS no longer runs (${settingsText(was)})`;
  if (was === undefined) return `the ${is.role} synchronisation daemon of IPVS runs now (${settingsText(is)})`;
  const names = new Set([...Object.keys(was.settings), ...Object.keys(is.settings)]);
  // What one side alone shows may be the other ipvsadm's not showing it: before 1.29 it shows interface and id alone.
  const changed = [...names].filter(
    (name) => was.settings[name] !== undefined && is.settings[name] !== undefined && was.settings[name] !== is.settings[name],
  );
  return changed.length === 0
    ? undefined
    : `the ${was.role} synchronisation daemon of IPVS changed: ${listed(changed.map((name) => `${name} ${was.settings[name]} → ${is.settings[name]}`))}`;
}

function settingsText(daemon: IpvsDaemon | undefined): string {
  return Object.entries(daemon?.settings ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

const EFFECTS = {
  master: 'the machine that takes over gets no connections of this one, and cuts them',
  backup: 'this machine gets no connections of the other one, and cuts them when it takes over',
} as const;

function daemonChange(role: 'master' | 'backup', was: IpvsDaemon | undefined, is: IpvsDaemon | undefined, text: string): PendingChange {
  const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
  const origins = seenAt(was?.origin, is?.origin as Origin | undefined);
  return {
    id: `ipvs.daemon.${change}`,
    severity: change === 'added' ? 'notice' : 'warning',
    effect: 'attribute',
    certainty: 'proven',
    subject: { kind: 'config', name: `ipvs ${role} daemon` },
    ...(was === undefined ? {} : { before: was.settings }),
    ...(is === undefined ? {} : { after: is.settings }),
    text,
    details:
      change === 'added'
        ? []
        : [
            {
              label: 'effect',
              text: change === 'removed' ? EFFECTS[role] : `unless the other machine was changed alike, ${EFFECTS[role]}`,
            },
          ],
    origins,
  };
}
