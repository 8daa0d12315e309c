import type { Command } from 'commander';
import { summaryOf, usageOf } from '../command-line/summary.ts';
import { VERSION } from '../version.ts';

/**
 * The manual page as troff source for man(1), made from the help of every command.
 *
 * Format: groff_man(7).
 */
export function manualPage(program: Command): string {
  const [title = '', ...body] = program.helpInformation().trimEnd().split('\n');
  const lines = [
    `.TH NETDRIFT 1 "" "netdrift ${VERSION}" "User Commands"`,
    '.SH NAME',
    troff(title.replace(' - ', ' \\- '), true),
    '.SH SYNOPSIS',
    ...program.commands.flatMap((command) => ['.B ' + troff(usageOf(command)), '.br']),
    '.SH DESCRIPTION',
    ...verbatim(body),
  ];
  for (const command of program.commands) {
    const [, ...rest] = command.helpInformation().trimEnd().split('\n');
    lines.push(`.SH ${troff(`netdrift ${command.name()}`.toUpperCase())}`, `${troff(summaryOf(command))}.`, ...verbatim(rest));
  }
  return `${lines.join('\n')}\n`;
}

/** Lines as they are, in which troff finds no request and fills nothing. */
function verbatim(lines: readonly string[]): string[] {
  return ['.PP', '.nf', ...lines.map((line) => troff(line)), '.fi'];
}

/** One line: backslashes and hyphens are escaped, and a dot or quote at its start is no request. */
function troff(line: string, keepEscapes = false): string {
  const escaped = keepEscapes ? line : line.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
