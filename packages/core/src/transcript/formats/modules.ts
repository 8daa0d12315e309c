import type { Format } from '../format.ts';
import { runsKnownTool } from '../command-facts.ts';
import { ipvsModule } from '../ipvs-module.ts';

const PATH = /^(?![+-])\/?(?:[\w.+-]+\/)+[\w.-]+\.ko(?:\.[a-z0-9]+)?:?\s*$/;

/** modules.builtin, or part of it: `kernel/net/netfilter/ipvs/ip_vs.ko` */
export const modulesBuiltin: Format = {
  tool: 'modules',
  form: 'builtin',
  blank: 'drop',
  starts: (line) => (PATH.test(line) ? 'row' : undefined),
  continues: (line) => PATH.test(line),
};

/** `ip_vs                 151552  6 ip_vs_rr,ip_vs_sh,ip_vs_wrr` */
const LOADED = /^[A-Za-z]\w* +\d{3,} +-?\d+(?: [\w,\-[\]]*)?\s*$/;
const LSMOD_TITLE = /^Module +Size +Used by/;

export const lsmod: Format = {
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
};

/** `ip_vs 151552 6 ip_vs_rr,ip_vs_sh,ip_vs_wrr, Live 0x0000000000000000` */
const PROC = /^\w+ \d+ -?\d+ \S+ (?:Live|Loading|Unloading) 0x[0-9a-f]+/;

export const procModules: Format = {
  tool: 'modules',
  form: 'proc',
  blank: 'drop',
  starts: (line) => (PROC.test(line) ? 'row' : undefined),
  continues: (line) => PROC.test(line),
};

const NAMES_COMMAND = /\bcut\b.*\/proc\/modules|\blsmod\s*\|.*\b(?:cut|awk)\b/;

/** A script, say: what it prints can only be told from the names themselves. */
function isUnknownCommand(command: string): boolean {
  return command !== '' && !runsKnownTool(command);
}

/** `cut -f1 -d " " /proc/modules`: names alone, which only the command tells. */
export const moduleNames: Format = {
  tool: 'modules',
  form: 'names',
  hashComments: true,
  blank: 'end',
  starts: (line, { command = '' }) =>
    /^\w+\s*$/.test(line) && (NAMES_COMMAND.test(command) || (isUnknownCommand(command) && ipvsModule(line))) ? 'row' : undefined,
  continues: (line) => /^\w+\s*$/.test(line),
};
