import type { CommandLine } from '../commands/command.ts';
import { commandOf, watchedCommand } from '../commands/command.ts';

/** What a line tells of the output that follows it. */
export type Title =
  | { readonly kind: 'fence' }
  /** `labelled`: by a label, which holds for prompts below it that name no machine. */
  | { readonly kind: 'host'; readonly host: string; readonly labelled?: true }
  | ({ readonly kind: 'command' } & CommandLine);

const FENCE = /^\s*(?:[>│|] ?)*(?:`{3,}|~{3,}) ?(?:[\w+-]*|\{[^}`]*\})(?: +[\w-]+=\S+){0,9}\s*$/;
/** `node1 | CHANGED | rc=0 >>`, `==> node1 <==`, `ok: [node1] => {` */
const HOST_TITLE =
  /^\s*(?:([\w.-]{1,128}) \| (?:CHANGED|SUCCESS|FAILED)!? (?:\| rc=\d+ >>|=> \{)|==> ([\w.-]{1,128}) <==|(?:ok|changed|failed|fatal): \[([\w.-]{1,128})\](?:(?: => \(item=[^()]{0,80}\))?:? =>? ?.{0,80}\{)?)\s*$/;
/** The upper line of a prompt of two: `╭─root@lb1 ~`, `┌──(root㉿lb1)-[~]`; the lower one has the command. */
const UPPER_PROMPT = /^\s*[╭┌][─━]{1,9} ?[([]?[\w.-]{1,64}(?:@|㉿|💀)([A-Za-z0-9][\w.-]{0,127})(?![\w.-])/u;
const LEFT_OUT =
  /^\s*(?:[>│|] ?)*(?:[.…]{1,6}|\[?\.\.\.\]?|[([<{-]{0,3} ?(?:snip|snipped|omitted|truncated|cut|more|省略) ?[)\]>}-]{0,3}|--|--More--.{0,10}|#? ?\.{3,}|\(END\)|lines \d+-\d+.{0,20})\s*$/iu;

/** The title that a line is: a fence of Markdown, the name of a machine, a prompt with or without a command. */
export function titleOf(head: string): Title | undefined {
  if (FENCE.test(head)) return { kind: 'fence' };
  const titled = HOST_TITLE.exec(head);
  if (titled !== null) return { kind: 'host', host: titled[1] ?? titled[2] ?? titled[3] ?? '' };
  const upper = UPPER_PROMPT.exec(head)?.[1];
  if (upper !== undefined) return { kind: 'host', host: upper, labelled: true };
  const trimmed = head.trim();
  const shown = trimmed.replace(/^(?:`{3,}|>+ ?|[│|] )(?=\S)/, '');
  const inner = shown === trimmed ? undefined : commandOf(shown);
  const command = watchedCommand(trimmed) ?? (inner?.host === undefined ? commandOf(trimmed) : inner) ?? inner;
  return command === undefined ? undefined : { kind: 'command', ...command };
}

/** Whether a line stands for lines that somebody left out: `...`, `[snip]`, `--` of grep. */
export function standsForLinesLeftOut(head: string): boolean {
  return LEFT_OUT.test(head);
}
