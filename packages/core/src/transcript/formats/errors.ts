import type { Format } from '../format.ts';
import type { SectionTool } from '../section.ts';

/** How the messages begin that a tool gives instead of its output. */
const MESSAGES: readonly (readonly [tool: SectionTool, message: RegExp])[] = [
  [
    'ipvsadm',
    /^(?:Can't initialize ipvs: |No such service|Service already exists|Service not defined|unexpected argument |(?:\S+: )?(?:line \d+: )?ipvsadm: command not found|(?:sudo: )?ipvsadm: (?:command )?not found|zsh: command not found: ipvsadm)/,
  ],
  [
    'iptables',
    /^(?:ip6?tables(?:-\w+)* v\d|ip6?tables(?:-\w+)*: |Another app is currently holding the xtables lock|Fatal: can't open lock file \/run\/xtables|(?:\S+: )?(?:line \d+: )?ip6?tables(?:-\w+)*: command not found|sudo: ip6?tables(?:-\w+)*: command not found|zsh: command not found: ip6?tables)/,
  ],
  ['ipset', /^(?:ipset v\d|(?:\S+: )?(?:line \d+: )?ipset: command not found|sudo: ipset: command not found|zsh: command not found: ipset)/],
  ['modules', /^(?:modprobe: (?:FATAL|ERROR): |insmod: (?:ERROR|can't)|rmmod: ERROR|modinfo: ERROR|(?:\S+: )?lsmod: command not found)/],
];
const REST = /^(?:Try `?ip|Perhaps ip6?tables or your kernel|Try `modprobe|Are you sure\?)/;

function messageFormat([tool, message]: readonly [SectionTool, RegExp]): Format {
  return {
    tool,
    form: 'error',
    blank: 'end',
    starts: (line) => (message.test(line) ? 'title' : undefined),
    continues: (line) => message.test(line) || REST.test(line),
  };
}

/** What a tool says instead of its output: a fact about the machine, to be read by the tool's parser. */
export const toolErrors: readonly Format[] = MESSAGES.map(messageFormat);
