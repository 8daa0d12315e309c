import { readFileSync } from 'node:fs';

/** One output of each kind, as a tool printed it. */
export interface Output {
  readonly command: string;
  readonly text: string;
}

function fixture(path: string): string {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
}

function lines(path: string, count: number): string {
  return fixture(path)
    .split('\n')
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join('');
}

/** Short ones, so that every one of their characters can be tried. */
export const OUTPUTS: readonly Output[] = [
  { command: 'ipvsadm -ln', text: fixture('ipvsadm-1.31/one-table/ln.txt') },
  { command: 'ipvsadm -Sn', text: fixture('ipvsadm-1.31/one-table/save-n.txt') },
  { command: 'ipvsadm -ln --stats', text: fixture('ipvsadm-1.31/counters-real/stats.txt') },
  { command: 'cat /proc/net/ip_vs', text: fixture('ipvsadm-1.31/seed/proc-ip_vs.txt') },
  { command: 'ipvsadm -lcn --persistent-conn', text: fixture('ipvsadm-1.31/traffic-persistent/connections-persistent.txt') },
  { command: 'iptables -t nat -nL', text: fixture('incidents/g10-ssh-port-taken-by-a-container/before/iptables-nat-nL.txt') },
  { command: 'iptables -t nat -nvL', text: lines('demo/before/iptables-nat-nvL.txt', 12) },
  { command: 'iptables -S', text: fixture('iptables-1.8.9/set.S.txt') },
  { command: 'iptables-save', text: fixture('incidents/h7-rules-added-at-every-start/before/iptables-save.txt') },
  { command: 'ipset list', text: `${fixture('ipset-7.17/list.txt').split('\n\n').slice(0, 4).join('\n\n')}\n` },
  { command: 'ipset save', text: lines('ipset-7.17/save.txt', 20) },
  { command: 'cat /lib/modules/6.1.0/modules.builtin', text: fixture('modules-kmod-30/modules.builtin-grep.txt') },
  { command: 'lsmod', text: fixture('modules-kmod-30/lsmod.txt') },
];
