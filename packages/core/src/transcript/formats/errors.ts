import type { Format, LineContext } from '../format.ts';
import { LEGACY_WARNING, WAITS_FOR_LOCK } from '../stderr-lines.ts';
import { iptablesListing, iptablesSave } from './iptables.ts';

/** `-bash: ipset: command not found`, `/bin/sh: 1: ipset: not found`, `zsh: command not found: ipset` */
function notFound(programs: string): string {
  return `(?:[\\w./-]{1,40}: )?(?:(?:line )?\\d+: )?(?:${programs}): (?:command )?not found|zsh: command not found: (?:${programs})|(?:OCI runtime .{1,200})?exec: "(?:${programs})": executable file not found`;
}

/** How the messages begin that a tool gives instead of its output. */
const MESSAGES = [
  [
    'ipvsadm',
    [
      "Can't initialize ipvs: ",
      'Are you sure that IP Virtual Server ',
      'No such service',
      'Service already exists',
      'Service not defined',
      'unexpected argument ',
      notFound('ipvsadm(?:-save)?'),
    ],
  ],
  [
    'iptables',
    [
      String.raw`ip6?tables(?:-\w+)* v\d[^:]{0,40}:`,
      // A sentence, as `No chain/target/match by that name.`; not `Saving firewall rules to …: [  OK  ]`, nor a heading.
      String.raw`ip6?tables(?:-\w+)*: (?:[A-Z][\w'/ -]{2,60}(?: \([^)]{1,60}\))?\.(?:\s|$)|line \d+ failed|(?:invalid|unrecognized|unknown) option |option .* requires an argument|option requires an argument )`,
      'Another app is currently holding the xtables lock',
      "Fatal: can't open lock file /run/xtables",
      "Can't find library for (?:match|target) ",
      '(?:# )?Warning: ip6?tables-legacy tables present',
      notFound(String.raw`ip6?tables(?:-\w+)*`),
    ],
  ],
  ['ipset', [String.raw`ipset v\d[\d.]{0,20}:`, notFound('ipset')]],
  [
    'nft',
    [
      'netlink: Error: ',
      // `/dev/stdin:892:87-100: ` of a file of commands
      String.raw`(?:[\w./-]{1,80}:\d+:\d+(?:-\d+)?: )?Error: (?:No such file or directory|Could not process rule|syntax error)`,
      String.raw`Operation not permitted \(you must be root\)`,
      notFound('nft'),
    ],
  ],
  [
    'modules',
    [
      'modprobe: (?:FATAL|ERROR): ',
      String.raw`FATAL: Module \S+ not found`,
      "insmod: (?:ERROR|can't)",
      'rmmod: ERROR',
      'modinfo: ERROR',
      notFound('lsmod|modprobe'),
    ],
  ],
  ['ip', ['Device "[^"]+" does not exist', String.raw`RTNETLINK answers: `]],
  ['sysctl', [String.raw`sysctl: (?:cannot stat|permission denied|setting key)`, 'error: "[^"]+" is an unknown key']],
] as const satisfies readonly (readonly [tool: string, beginnings: readonly string[]])[];

/** The message of a tool that shows messages in place of its output. */
type ErrorFormat = Format & { readonly tool: (typeof MESSAGES)[number][0]; readonly form: 'error' };

/** What the system says, without the tool's name: whose it is only the command tells. */
const ANY_TOOL =
  /^(?:No such (?:device or address|file or directory)|Operation not permitted|Permission denied|Memory allocation problem|Invalid argument)\.?\s*$/;
const REST =
  /^(?:Try `?(?:ip|modprobe)|Perhaps ip6?tables or your kernel|list (?:ruleset|table|chain|set|map) |(?:add|create|insert|delete|destroy|flush) (?:rule|element|chain|table|set|map) |\s*\^+~*\s*$)/;

function messageFormat([tool, beginnings]: (typeof MESSAGES)[number]): ErrorFormat {
  const message = new RegExp(`^(?:${beginnings.join('|')})`);
  return {
    tool,
    form: 'error',
    blank: 'end',
    starts: (line, { next, runs }) =>
      // Before an output of iptables a warning is a part of that, and where it waited the lock came free.
      (message.test(line) &&
        !(LEGACY_WARNING.test(line) && isIptables(next())) &&
        !(WAITS_FOR_LOCK.test(line) && isIptables(next((other) => WAITS_FOR_LOCK.test(other))))) ||
      (ANY_TOOL.test(line) && runs(tool))
        ? 'title'
        : undefined,
    continues: (line) => message.test(line) || REST.test(line),
  };
}

/** A line with nothing around it. */
const ALONE: LineContext = { command: undefined, afterBlank: false, commented: () => 'title', next: () => '', runs: () => false };

/** Whether a line begins an output of iptables, whatever quote stands before it. */
function isIptables(line: string): boolean {
  return [iptablesListing, iptablesSave].some((format) => format.starts(line.replace(/^[>│|\s]{0,20}/u, ''), ALONE) !== undefined);
}

/** What a tool says instead of its output: a fact about the machine, to be read by the tool's parser. */
export const toolErrors: readonly ErrorFormat[] = MESSAGES.map(messageFormat);
