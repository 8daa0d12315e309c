import { textLines } from '../../text/text-lines.ts';
import type { Format, UnreadLine } from '../format.ts';

/** One kernel setting; the name has dots between its parts. */
export interface ShownSysctl {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** What `sysctl` shows. */
export interface Sysctls {
  readonly kind: 'Sysctls';
  readonly settings: readonly ShownSysctl[];
  /** Names of settings that this kernel does not have. */
  readonly absent: readonly string[];
  readonly unread?: readonly UnreadLine[];
}

const STARTS = /^(?:net|kernel|vm|fs|user|dev)(?:\.[\w/*-]+)+ ?= ?/;
const SETTING = /^([a-z][\w-]*[./][\w./*-]*)\s*=\s*(.*)$/;

// sysctl: cannot stat /proc/sys/net/ipv4/vs: No such file or directory
const ABSENT = /^sysctl: cannot stat \/proc\/sys\/(\S+): No such file or directory$/;

/**
 * `sysctl -a` or part of it, and files of such lines (procps, busybox): `net.ipv4.vs.conntrack = 1`. A value of several words is kept
 * whole; a setting that the kernel does not have is a fact of its own.
 */
export const sysctlValues = {
  tool: 'sysctl',
  form: 'values',
  programs: ['sysctl'],
  hashComments: true,
  blank: 'drop',
  starts: (line) => (STARTS.test(line) ? 'row' : undefined),
  continues: (line) => STARTS.test(line),
  title: 'sysctl',
  read: (text): Sysctls | undefined => {
    const settings: ShownSysctl[] = [];
    const absent: string[] = [];
    const unread: UnreadLine[] = [];
    for (const { text: line, number, start, end } of textLines(text)) {
      if (line.trim() === '') continue;
      const missing = ABSENT.exec(line)?.[1];
      if (missing !== undefined) {
        absent.push(missing.replaceAll('/', '.'));
        continue;
      }
      const [, name, value] = SETTING.exec(line.trim()) ?? [];
      if (name !== undefined && value !== undefined) settings.push({ name: name.replaceAll('/', '.'), value, line: number });
      // A first line of another kind: this is no such text.
      else if (settings.length === 0) return undefined;
      else unread.push({ text: line, start, end, expected: 'a setting, "name = value"' });
    }
    return settings.length + absent.length === 0 ? undefined : { kind: 'Sysctls', settings, absent, unread };
  },
} as const satisfies Format;
