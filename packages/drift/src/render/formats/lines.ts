import { displayText } from '@netdrift/core';
import { renderLines } from '../lines.ts';
import { outlineOf } from '../outline/outline.ts';
import type { Outline } from '../outline/outline-model.ts';
import type { Renderer } from '../renderer.ts';

/** One line for each change, finding or difference, for a log. */
export const LINES: Renderer = {
  name: 'lines',
  about: 'one line a change, for a log',
  mediaType: 'text/plain',
  render: (report) => (report.command === 'diff' ? renderLines(report) : linesOf(outlineOf(report))),
};

function linesOf({ troubles, entries, verdict }: Outline): string {
  const lines = troubles.map(
    ({ code, message, help, place }) => `trouble ${code}${word('source', place?.source)} message=${quoted(message)}${word('help', help)}`,
  );
  for (const { severity, id, subject, certainty, text, host, fingerprint } of entries) {
    const words = `${certainty === undefined ? '' : ` certainty=${certainty}`}${word('host', host)} fingerprint=${displayText(fingerprint)}`;
    lines.push(`${severity} ${id} ${quoted(subject)}${words} text=${quoted(text)}`);
  }
  if (lines.length === 0) lines.push(`none verdict=${verdict}`);
  return `${lines.join('\n')}\n`;
}

function word(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}=${quoted(value)}`;
}

function quoted(text: string): string {
  return JSON.stringify(displayText(text));
}
