import type { Format } from '../format.ts';
import { ipvsModule } from '../ipvs-module.ts';

const PATH = /^(?![+-])\/?(?:[\w.+-]+\/)+[\w.-]+\.ko(?:\.[a-z0-9]+)?:?\s*$/;

/** modules.builtin, or part of it: `kernel/net/netfilter/ipvs/ip_vs.ko` */
export const modulesBuiltin = {
  tool: 'modules',
  form: 'builtin',
  blank: 'drop',
  starts: (line) => (PATH.test(line) ? 'row' : undefined),
  continues: (line) => PATH.test(line),
} as const satisfies Format;

/** `ip_vs                 151552  6 ip_vs_rr,ip_vs_sh,ip_vs_wrr` */
const LOADED = /^[A-Za-z]\w* +\d{3,} +-?\d+(?: [\w,\-[\]]*)?\s*$/;
const LSMOD_TITLE = /^Module +Size +Used by/;

export const lsmod = {
  tool: 'modules',
  form: 'lsmod',
  blank: 'drop',
  starts: (line, { command = '' }) => {
    if (LSMOD_TITLE.test(line)) return 'title';
    const named = /^\w*_\w* /.test(line) || command.includes('lsmod');
    return named && LOADED.test(line) ? 'row' : undefined;
  },
  continues: (line) => LSMOD_TITLE.test(line) || LOADED.test(line),
  isRestOfLine: (line) => /^[\w,-]+\s*$/.test(line),
  once: (line) => (LSMOD_TITLE.test(line) ? 'title' : undefined),
} as const satisfies Format;

/** `ip_vs 151552 6 ip_vs_rr,ip_vs_sh,ip_vs_wrr, Live 0x0000000000000000` */
const PROC = /^\w+ \d+ -?\d+ \S+ (?:Live|Loading|Unloading) 0x[0-9a-f]+/;

export const procModules = {
  tool: 'modules',
  form: 'proc',
  blank: 'drop',
  starts: (line) => (PROC.test(line) ? 'row' : undefined),
  continues: (line) => PROC.test(line),
} as const satisfies Format;

const NAMES_COMMAND = /\bcut\b.*\/proc\/modules|\blsmod\s*\|.*\b(?:cut|awk)\b/;

/** `cut -f1 -d " " /proc/modules`: names alone, which only the command tells. */
export const moduleNames = {
  tool: 'modules',
  form: 'names',
  hashComments: true,
  blank: 'end',
  // What a script prints, say, can only be told from the names themselves.
  starts: (line, { command = '', runs }) =>
    /^\w+\s*$/.test(line) && (NAMES_COMMAND.test(command) || (command !== '' && !runs() && ipvsModule(line))) ? 'row' : undefined,
  continues: (line) => /^\w+\s*$/.test(line),
} as const satisfies Format;
