import type { Command } from 'commander';

/** What a command does in a few words: its help begins with `netdrift NAME … - SUMMARY`. */
export function summaryOf(command: Command): string {
  const [title = ''] = command.helpInformation().split('\n');
  return title.slice(title.indexOf(' - ') + 3);
}

/** How a command is typed, from the same line. */
export function usageOf(command: Command): string {
  const [title = ''] = command.helpInformation().split('\n');
  return title.slice(0, title.indexOf(' - '));
}
