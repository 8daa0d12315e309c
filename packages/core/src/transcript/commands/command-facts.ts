import type { Family } from '../../values/address.ts';
import type { SectionTool } from '../section.ts';
import { toolsOf } from './command-tools.ts';

/** What a command line tells about the output under it. */
export interface CommandFacts {
  readonly args: readonly string[];
  readonly filter?: string;
  readonly table?: string;
  readonly family?: Family;
}

/** Characters of a command that are looked at. */
const LONGEST = 2000;
const WORD = /[^\s|;&<>"'`()]+|[|;&<>]/g;
/** `2>&1`, `2>/dev/null`, `> out.txt`, `&> out.txt`; not the `>` of `<pod>`. */
const REDIRECTION = /(?<=^|\s)(?:\d|&)?>{1,2}\s*(?:&\d|[^\s|;&<>"'`()]+)/g;
/** Programs of a pipe that pass every line on. */
const PASSES_ALL = /^(?:tee|cat|less|more|most|bat|nl|column|expand|sudo)$/;
/** Programs that show some lines of a file. */
const FILTERS = /^(?:head|tail|[ez]?grep|fgrep|rg|sed|awk)$/;
/** Commands that run another one again and again. */
const REPEATS = /(?:^|[\s;&|])(?:for|while|until|watch|xargs|parallel|ansible|pssh|parallel-ssh|pdsh|clush|salt)\s/;

/** One run of a tool in a command: its name, and what follows it up to a pipe or an end. */
interface Run {
  readonly name: string;
  readonly args: readonly string[];
  readonly filter: string | undefined;
}

/**
 * What a command line tells about an output of this tool; nothing where the command does not run the tool. A command may run it
 * several times: `nth` counts its outputs from 0, and there is nothing to tell of one more than the command has made.
 */
export function commandFacts(command: string, tool: SectionTool, nth = 0): CommandFacts | undefined {
  const all = runsOf(command, tool);
  const printing = all.filter(prints);
  const runs = printing.length > 0 ? printing : all;
  const run = runs[runs.length > 0 && REPEATS.test(command) ? nth % runs.length : nth];
  if (run === undefined) return undefined;
  const { name, args, filter } = run;
  return { args, ...(filter === undefined ? {} : { filter }), ...tableAndFamily(name, args) };
}

/** The program through which a command shows its output that may leave lines out of it: `head -5 dump.txt`, `./dump.sh | grep nat`. */
export function filterOf(command: string): string | undefined {
  const words = wordsOf(command);
  return words.map(nameOf).find((word, index) => FILTERS.test(word) && beginsProgram(words, index));
}

/**
 * Whether a command runs a tool; without one, whether it runs any whose output is known, so that what follows it can be that output alone.
 */
export function runsTool(command: string, tool?: string): boolean {
  return wordsOf(command).some((word) => (tool === undefined ? toolsOf(word).length > 0 : toolsOf(word).some((one) => one === tool)));
}

function wordsOf(command: string): readonly string[] {
  return command.slice(0, LONGEST).replaceAll(REDIRECTION, ' ').match(WORD) ?? [];
}

function nameOf(word: string): string {
  return word.replace(/^.*\//, '');
}

function beginsProgram(words: readonly string[], index: number): boolean {
  const before = words[index - 1];
  return before === undefined || /^(?:[|;&]|sudo|do|then|--)$/.test(before);
}

function runsOf(command: string, tool: SectionTool): readonly Run[] {
  const words = wordsOf(command);
  const starts = [...words.keys()].filter((index) => toolsOf(words[index] ?? '').includes(tool));
  return starts.map((start) => {
    const rest = words.slice(start + 1);
    const stop = rest.findIndex((word) => /^[|;&<>]$/.test(word));
    const args = stop < 0 ? rest : rest.slice(0, stop);
    // `grep ip_vs /proc/modules`: the file is the tool, and what reads it stands before.
    const reader = words.slice(0, start).findLast((word, index) => FILTERS.test(nameOf(word)) && beginsProgram(words, index));
    const isFile = (words[start] ?? '').startsWith('/proc/');
    return {
      name: nameOf(words[start] ?? ''),
      args,
      filter: (isFile ? reader : undefined) ?? (stop < 0 ? undefined : filterAfter(rest.slice(stop))),
    };
  });
}

/** The first program of the pipe that begins here which does not pass every line on. */
function filterAfter(rest: readonly string[]): string | undefined {
  let isNext = false;
  for (const [index, word] of rest.entries()) {
    if (word === '|') isNext = rest[index + 1] !== '|' && rest[index - 1] !== '|';
    else if (word === '&' && rest[index - 1] === '|') continue;
    else if (/^[;&<>]$/.test(word)) return undefined;
    else if (isNext) {
      if (!PASSES_ALL.test(nameOf(word))) return nameOf(word);
      isNext = word === 'sudo';
    }
    if (word === '|' && !isNext) return undefined;
  }
  return undefined;
}

/** How often a command runs a tool in one turn of its loop, at least once. */
export function runsInTurn(command: string, tool: SectionTool): number {
  const all = runsOf(command, tool);
  return all.filter(prints).length || all.length || 1;
}

/** Whether a run shows something: `iptables -F` and `ipvsadm -C` before a listing do not. */
function prints({ name, args }: Run): boolean {
  if (/^(?:ip6?tables|xtables)/.test(name)) return name.includes('save') || args.some((word) => /^(?:-[a-zA-Z]*[LS]|--list)/.test(word));
  if (name === 'ipvsadm') return args.length === 0 || args.some((word) => /^(?:-[a-zA-Z]*[lLS]|--list|--save)/.test(word));
  return true;
}

function tableAndFamily(name: string, args: readonly string[]): Pick<CommandFacts, 'table' | 'family'> {
  if (!/^ip6?tables/.test(name)) return {};
  const family = name.startsWith('ip6') ? 'ipv6' : 'ipv4';
  for (const [index, argument] of args.entries()) {
    const joined = /^(?:--table=|-t)(?=[^=])(.+)$/.exec(argument)?.[1];
    const told = joined ?? (/^(?:--table|-[a-zA-Z]*t)$/.test(argument) ? args[index + 1] : undefined);
    // `-t $t` in a loop tells nothing.
    if (told !== undefined) return /^[a-z]+$/.test(told) ? { family, table: told } : { family };
  }
  return name.includes('save') ? { family } : { family, table: 'filter' };
}
