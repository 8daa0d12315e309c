import type { Decoder } from '@netdrift/core';
import { moduleExtension } from './module-name.ts';

/** `MODULE_NAME_LEN` in Linux include/linux/module.h is 64 less the size of a long, with the final zero. */
const LONGEST_NAME = 59;

/** Whether a text can be the name of a module. */
export function isModuleName(text: string): boolean {
  return text.length <= LONGEST_NAME && /^[A-Za-z0-9_-]+$/.test(text);
}

/** `ip_vs_rr` */
export const moduleName: Decoder<string> = {
  expected: 'the name of a module',
  decode: (text) => (isModuleName(text) ? text : undefined),
};

/** A path taken apart: `kernel/net/netfilter/ipvs/ip_vs.ko.xz` */
export interface ModulePath {
  readonly directory?: string;
  readonly name: string;
  readonly extension: string;
}

export const modulePath: Decoder<ModulePath> = {
  expected: 'the path of a module, ending in .ko',
  decode: (text) => {
    const slash = text.lastIndexOf('/');
    const base = text.slice(slash + 1);
    const extension = moduleExtension(base);
    if (extension === undefined) return undefined;
    const name = base.slice(0, -extension.length);
    if (!isModuleName(name)) return undefined;
    return { ...(slash < 0 ? {} : { directory: text.slice(0, slash) }), name, extension };
  },
};

/** A whole number that a double holds exactly: sizes, counts. */
export const wholeNumber: Decoder<number> = {
  expected: 'a whole number',
  decode: (text) => {
    const number = Number(text);
    return /^(?:0|-?[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
  },
};

/** What uses a module. */
export interface Users {
  readonly names: readonly string[];
  readonly permanent: boolean;
}

/** `ip_vs_rr,ip_vs_sh` of lsmod, `xt_nat,[permanent],` of /proc/modules */
export const userList: Decoder<Users> = {
  expected: 'names of modules with commas between',
  decode: (text) => {
    const listed = (text.endsWith(',') ? text.slice(0, -1) : text).split(',');
    const names = listed.filter((name) => name !== PERMANENT);
    return names.every(isModuleName) ? { names, permanent: names.length < listed.length } : undefined;
  },
};

/** How the kernel marks a module without an exit function, among the names of its users. */
export const PERMANENT = '[permanent]';

/** `[ip_conntrack_ftp iptable_nat]` of modutils */
export const bracketedUsers: Decoder<Users> = {
  expected: 'names of modules in brackets',
  decode: (text) => {
    if (text === PERMANENT) return { names: [], permanent: true };
    const names = text.slice(1, -1).split(' ');
    return text.endsWith(']') && names.every(isModuleName) ? { names, permanent: false } : undefined;
  },
};

/** `0xffffffffc0670000` */
export const memoryAddress: Decoder<string> = {
  expected: 'an address 0x…',
  decode: (text) => (/^0x[0-9a-f]{8,16}$/.test(text) ? text : undefined),
};

/** `(OE)`; source: Linux kernel/module/procfs.c, `module_flags` */
export const taintLetters: Decoder<string> = {
  expected: 'letters of taint in parentheses',
  decode: (text) => (/^\([A-Z]*[+-]?\)$/.test(text) ? text.slice(1, -1) : undefined),
};
