import type { IpvsDaemon, IpvsState } from '../state/model.ts';
import { differenceOfSetting, type PendingDifference } from './groups.ts';

interface StateOfNode {
  readonly name: string;
  readonly state: IpvsState | undefined;
}

/** What IPVS holds beside its table, where nodes do not have it in common: timeouts of idle connections, and synchronisation daemons. */
export function ipvsStateDifferences(nodes: readonly StateOfNode[]): PendingDifference[] {
  return [...timeoutDifferences(nodes), ...daemonDifferences(nodes)];
}

function timeoutDifferences(nodes: readonly StateOfNode[]): PendingDifference[] {
  const values = nodes.flatMap(({ name, state }) => {
    if (state?.timeouts === undefined) return [];
    const { tcp, tcpfin, udp } = state.timeouts;
    return [{ name, value: `tcp ${tcp} s, tcp after a FIN ${tcpfin} s, udp ${udp} s` }];
  });
  return differenceOfSetting('timeouts of IPVS', 'notice', values);
}

const ROLES = ['master', 'backup'] as const;

function daemonDifferences(nodes: readonly StateOfNode[]): PendingDifference[] {
  const shown = nodes.flatMap(({ name, state }) => (state?.daemons === undefined ? [] : [{ name, daemons: state.daemons }]));
  // Before 1.29 ipvsadm shows interface and id alone: what not all of them show is not compared.
  const all = shown.flatMap(({ daemons }) => [...daemons.values()]);
  const names = [...new Set(all.flatMap(({ settings }) => Object.keys(settings)))].filter((name) =>
    all.every(({ settings }) => settings[name] !== undefined),
  );
  const values = shown.map(({ name, daemons }) => ({
    name,
    value: daemons.size === 0 ? 'none' : ROLES.flatMap((role) => daemonText(daemons.get(role), names)).join('; '),
  }));
  // Who sends and who takes is each machine's own; by other settings they do not hear each other.
  const talks = new Set(all.map(({ settings }) => JSON.stringify(names.flatMap((name) => (name === 'interface' ? [] : [settings[name]])))));
  return differenceOfSetting('synchronisation daemons of IPVS', talks.size > 1 ? 'warning' : 'notice', values);
}

function daemonText(daemon: IpvsDaemon | undefined, names: readonly string[]): string[] {
  return daemon === undefined ? [] : [`${daemon.role} (${names.map((name) => `${name} ${daemon.settings[name]}`).join(', ')})`];
}
