import type { ToolError, ToolErrorKind } from './ast.ts';

/** Answers of iptables and of the shell that stand in place of a listing: pattern, what it means, and which group is a name. */
const ANSWERS: readonly (readonly [pattern: RegExp, error: ToolErrorKind, name?: number])[] = [
  [/No chain\/target\/match by that name\.?$/, 'no-such-chain'],
  [/chain `(.*)' in table `.*' is incompatible, use 'nft' tool\.$/, 'incompatible-chain', 1],
  [/[Tt]able `(.*)' is incompatible, use 'nft' tool\.$/, 'incompatible-table', 1],
  [/can't initialize ip6?tables table `(.*)': Permission denied \(you must be root\)$/, 'permission-denied', 1],
  [/can't initialize ip6?tables table `(.*)': (?:Table does not exist|.*do you need to insmod)/, 'no-such-table', 1],
  [/table '(.*)' does not exist$/, 'no-such-table', 1],
  [/Permission denied \(you must be root\)$/, 'permission-denied'],
  [/(?:can't open lock file|Could not fetch rule set generation id).*(?:Permission denied|Operation not permitted)/, 'permission-denied'],
  [/^Can't find library for (?:match|target) `(.*)'$/, 'library-missing', 1],
  [/Another app is currently holding the xtables lock/, 'lock-held'],
  [/(?:^|[ :])((?:\S*\/)?ip6?tables\S*): (?:command )?not found$/, 'command-not-found', 1],
  [/^(?:zsh: )?command not found: (\S+)$/, 'command-not-found', 1],
  [/exec: "(ip6?tables[^"]*)": executable file not found/, 'command-not-found', 1],
  [/(?:Failed to initialize nft|iptables\/\S+ Failed).*: Protocol not supported$/, 'nft-not-available'],
  // iptables v1.8.10 (nf_tables): no command specified · iptables-save: invalid option -- 'L'
  [/^(?:\S*\/)?ip6?tables(?:-\w+)* v\d\S*(?: \(\w+\))?: (\S.*)$/, 'other', 1],
  [/^(?:\S*\/)?ip6?tables(?:-\w+)*: ((?:invalid|unrecognized) option .*)$/, 'other', 1],
];

/** The text as an error, if all of it is one; a hint behind the error and the warning about legacy tables do not count. */
export function readToolError(text: string): ToolError | undefined {
  if (text.length > 2000) return undefined;
  const lines = text.split('\n').map((line) => line.trimEnd());
  const told = lines.filter((line) => line !== '' && !isHint(line)).map(readAnswer);
  const [first] = told;
  if (first === undefined || !told.every((answer) => answer !== undefined)) return undefined;
  return { ...first, span: { start: 0, end: text.length } };
}

function readAnswer(line: string): Omit<ToolError, 'span'> | undefined {
  for (const [pattern, error, group] of ANSWERS) {
    const found = pattern.exec(line);
    if (found === null) continue;
    const tool = /(?:^|[ /"])(ip6?tables(?:-legacy|-nft|-save|-restore)*)\b/.exec(line)?.[1];
    const name = group === undefined || error === 'command-not-found' ? undefined : found[group];
    return { kind: 'ToolError', error, ...(tool === undefined ? {} : { tool }), ...(name === undefined ? {} : { name }) };
  }
  return undefined;
}

function isHint(line: string): boolean {
  return line.startsWith('Perhaps ip') || line.startsWith('Try `ip') || line.startsWith('# Warning: ');
}
