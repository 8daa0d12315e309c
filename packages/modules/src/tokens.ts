import { tokenSet, wordTable } from '@netdrift/core';

/** The token types of all forms; which one a word gets is told by its place in the line. */
export const tokens = tokenSet();

/** Any word. */
export const word = tokens.add('Word');
/** The name of a module: `ip_vs`, `libblake2s-x86_64` */
export const name = tokens.add('Name', word);
/** The path of a module's file: `kernel/net/netfilter/ipvs/ip_vs.ko` */
export const path = tokens.add('Path', word);
/** A column of digits: `16384` */
export const digits = tokens.add('Digits', word);
/** What stands for an empty column in /proc/modules: `-` */
export const dash = tokens.add('Dash', word);
/** Names of using modules: `ip_vs_rr,ip_vs_sh`, `xt_nat,` */
export const users = tokens.add('Users', word);
/** The same in modutils: `[ip_conntrack_ftp iptable_nat]` */
export const bracketed = tokens.add('Bracketed', word);
/** `(autoclean)` */
export const autoclean = tokens.add('Autoclean', word);
/** `(unused)` */
export const unused = tokens.add('Unused', word);
/** `Live`, `Loading`, `Unloading` */
export const state = tokens.add('State', word);
/** `0xffffffffc0670000` */
export const address = tokens.add('Address', word);
/** Letters of taint: `(OE)` */
export const taint = tokens.add('Taint', word);

/** Words without a place of their own, told by spelling. */
export const spellings = wordTable([
  ['-', dash],
  ['(autoclean)', autoclean],
  ['(unused)', unused],
  ['Live', state],
  ['Loading', state],
  ['Unloading', state],
]);

/** What stands at the head of every line, without text: which form the line is read as. */
export const namesLine = tokens.add('NamesLine');
export const builtinLine = tokens.add('BuiltinLine');
export const lsmodLine = tokens.add('LsmodLine');
export const procLine = tokens.add('ProcLine');
