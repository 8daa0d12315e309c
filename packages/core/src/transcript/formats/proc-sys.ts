import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';
import type { ShownSysctl, Sysctls } from './sysctl.ts';

/** `/proc/sys/net/ipv4/conf/all/arp_ignore:1` */
const SETTING = /^\/proc\/sys\/((?:net|kernel|vm|fs|user|dev)\/[^\s:]+):(.*)$/;

/** `grep: /proc/sys/net/ipv4/vs/conntrack: No such file or directory`; a setting that can only be written is refused. */
const REFUSED = /^grep: \/proc\/sys\/([^\s:]+): (No such file or directory|Permission denied)$/;

/**
 * `grep . /proc/sys/…`, for nodes that have no sysctl: names and values are the same, and a setting that is not there is a fact as well.
 */
export const procSysValues = {
  tool: 'sysctl',
  form: 'files',
  blank: 'drop',
  starts: (line) => (SETTING.test(line) || REFUSED.test(line) ? 'title' : undefined),
  continues: (line) => SETTING.test(line) || REFUSED.test(line),
  title: 'grep . /proc/sys',
  read: (text): Sysctls | undefined => {
    const settings: ShownSysctl[] = [];
    const absent: string[] = [];
    for (const { text: line, number } of textLines(text)) {
      if (line.trim() === '') continue;
      const [, path, value] = SETTING.exec(line) ?? [];
      const [, refused, why] = REFUSED.exec(line) ?? [];
      if (path !== undefined && value !== undefined) settings.push({ name: nameOf(path), value: value.trim(), line: number });
      else if (refused === undefined) return undefined;
      else if (why === 'No such file or directory') absent.push(nameOf(refused));
    }
    return settings.length + absent.length === 0 ? undefined : { kind: 'Sysctls', settings, absent };
  },
} as const satisfies Format;

/** `net.ipv4.conf.eth0/100.rp_filter`: what is a dot in a file's name is a slash in that of a setting (sysctl(8)). */
function nameOf(path: string): string {
  return path
    .split('/')
    .map((part) => part.replaceAll('.', '/'))
    .join('.');
}
