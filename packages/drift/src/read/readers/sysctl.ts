import type { Diagnostic } from '@netdrift/core';
import { unreadLine } from './diagnostics.ts';
import type { Reader } from './reader.ts';
import type { ReadSysctl } from './read-values.ts';
import { textLines } from './text-lines.ts';

const SETTING = /^([a-z][\w-]*[./][\w./*-]*)\s*=\s*(.*)$/;

// sysctl: cannot stat /proc/sys/net/ipv4/vs: No such file or directory
const ABSENT = /^sysctl: cannot stat \/proc\/sys\/(\S+): No such file or directory$/;

/**
 * Reads `sysctl -a` or part of it (procps, busybox): `net.ipv4.vs.conntrack = 1`. A value of several words is kept whole; a setting
 * that the kernel does not have is a fact of its own.
 */
export const sysctl: Reader = {
  title: 'sysctl',
  read: (text) => {
    const settings: ReadSysctl[] = [];
    const absent: string[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const line of textLines(text)) {
      if (line.text.trim() === '') continue;
      const missing = ABSENT.exec(line.text);
      if (missing !== null) {
        absent.push((missing[1] as string).replaceAll('/', '.'));
        continue;
      }
      const found = SETTING.exec(line.text.trim());
      if (found === null) {
        // A first line of another kind: this is no such text.
        if (settings.length === 0) return undefined;
        diagnostics.push(unreadLine(line.text, line, 'a setting, "name = value"'));
      } else settings.push({ name: (found[1] as string).replaceAll('/', '.'), value: found[2] as string, line: line.number });
    }
    return settings.length + absent.length === 0 ? undefined : { kind: 'Sysctls', settings, absent, diagnostics };
  },
};
