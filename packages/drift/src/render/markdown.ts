import { displayHtml, displayMarkdown, displayMarkdownCode } from '@netdrift/core';
import type { Change, Report } from '../report.ts';
import { markdownTroubles } from './markdown-troubles.ts';
import { ignoredNote, withoutEffect } from './quiet-changes.ts';
import { folded, headline, placesText, storiesOf, type Story } from './stories.ts';

/** How the Markdown is shown; every key may be left out. */
export interface MarkdownOptions {
  /** Characters it may have at most. Default: 60,000, what a comment of a change review takes. */
  readonly maxLength?: number;
}

const DEFAULT_LENGTH = 60_000;
/** Kept free for the line that says how much was left out, and for closing what is open. */
const RESERVE = 400;
const SIGNS = { critical: '🔴', warning: '🟠', notice: '🔵', none: '⚪' } as const;

/**
 * A report for a change review: the verdict, the changes as a table, the shares of each service, and the proof of each change folded away.
 *
 * Text of the inputs is escaped: nothing in it acts as Markdown or HTML. What does not fit into `maxLength` is cut at a row, and
 * a line says how many are left out.
 *
 * @example
 * renderMarkdown(report).split('\n')[0] // => '**Drift: 1 critical, 2 warning.**'
 */
export function renderMarkdown(report: Report, options: MarkdownOptions = {}): string {
  const page = new Page((options.maxLength ?? DEFAULT_LENGTH) - RESERVE);
  const all = storiesOf(report);
  page.add([`**${displayMarkdown(headline(report, all))}**`, '']);
  if (report.troubles.length > 0) page.add([...markdownTroubles(report.troubles, ({ side }) => side).slice(1), '']);
  const stories = folded(all);
  if (stories.length > 0) {
    page.add(['| | change | effect |', '| --- | --- | --- |']);
    page.addRows(stories.map(storyRow), 'more changes');
    page.add(['']);
  }
  addShares(report, page);
  for (const story of stories) page.addOptional(proofLines(story));
  const quiet = withoutEffect(report);
  if (quiet.causes.length + quiet.changes.length > 0) page.addOptional(quietLines([...quiet.causes, ...quiet.changes]));
  for (const finding of report.findings) page.addOptional([`- ${SIGNS[finding.severity]} ${displayMarkdown(finding.text)}`]);
  for (const note of [...report.scopeNotes, ...ignoredNote(report)]) page.addOptional([`_${displayMarkdown(note)}_`, '']);
  return page.text();
}

function storyRow(story: Story): string {
  const effect = story.details.find((detail) => detail.label === 'effect' || detail.label === 'also')?.text ?? '';
  return `| ${SIGNS[story.severity]} ${story.severity} | ${displayMarkdown(story.text)}${story.known ? ' (known)' : ''} | ${displayMarkdown(effect)} |`;
}

/** *before | after | share* for every service whose endpoints changed. */
function addShares(report: Report, page: Page): void {
  const rows = report.changes.flatMap((change) => (change.ignored ? [] : shareRows(change)));
  if (rows.length === 0) return;
  page.add(['| service | endpoint | before | after |', '| --- | --- | --- | --- |']);
  page.addRows(rows, 'more endpoints');
  page.add(['']);
}

interface EndpointFact {
  readonly address: string;
  readonly share: number;
}

function shareRows(change: Change): string[] {
  const before = endpointsIn(change.before);
  const after = endpointsIn(change.after);
  if (before.length + after.length === 0) return [];
  const addresses = [...new Set([...before, ...after].map(({ address }) => address))].sort();
  const cell = (list: readonly EndpointFact[], address: string): string => {
    const found = list.find((fact) => fact.address === address);
    return found === undefined ? '' : `${Math.round(found.share * 100)} %`;
  };
  return addresses.map(
    (address) =>
      `| ${displayMarkdownCode(change.subject.name)} | ${displayMarkdownCode(address)} | ${cell(before, address)} | ${cell(after, address)} |`,
  );
}

function endpointsIn(facts: Change['before']): EndpointFact[] {
  const list = facts?.['endpoints'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const { address, share } = (entry ?? {}) as Partial<EndpointFact>;
    return typeof address === 'string' && typeof share === 'number' ? [{ address, share }] : [];
  });
}

function proofLines(story: Story): string[] {
  const places = placesText(story);
  if (story.details.length === 0 && places === '') return [];
  const lines = ['<details>', `<summary>${SIGNS[story.severity]} ${displayHtml(story.name)}</summary>`, ''];
  for (const { label, text } of story.details) lines.push(`- ${label}: ${displayMarkdown(text)}`);
  if (places !== '') lines.push(`- seen at: ${displayMarkdownCode(places)}`);
  return [...lines, '', '</details>', ''];
}

function quietLines(changes: readonly { readonly text: string }[]): string[] {
  const lines = [
    '<details>',
    `<summary>${changes.length} ${changes.length === 1 ? 'difference' : 'differences'} without effect</summary>`,
    '',
  ];
  for (const change of changes.slice(0, 50)) lines.push(`- ${displayMarkdown(change.text)}`);
  if (changes.length > 50) lines.push(`- ${changes.length - 50} more`);
  return [...lines, '', '</details>', ''];
}

/** Lines that grow up to a length, and a count of what did not fit. */
class Page {
  private readonly lines: string[] = [];
  private length = 0;
  private leftOut = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Adds lines that must be there. */
  add(lines: readonly string[]): void {
    for (const line of lines) {
      this.lines.push(line);
      this.length += line.length + 1;
    }
  }

  /** Adds rows of a table as long as they fit, and a row that says how many do not. */
  addRows(rows: readonly string[], what: string): void {
    for (const [index, row] of rows.entries()) {
      if (this.length + row.length > this.limit) {
        this.add([`| | ${rows.length - index} ${what} |`]);
        return;
      }
      this.add([row]);
    }
  }

  /** Adds a block whole, or counts it as left out. */
  addOptional(block: readonly string[]): void {
    const length = block.reduce((sum, line) => sum + line.length + 1, 0);
    if (this.length + length > this.limit) this.leftOut++;
    else this.add(block);
  }

  /** All of it, with a newline at the end. */
  text(): string {
    const lines = [...this.lines];
    while (lines.at(-1) === '') lines.pop();
    if (this.leftOut > 0)
      lines.push(
        '',
        `_${this.leftOut} ${this.leftOut === 1 ? 'section is' : 'sections are'} left out for want of space; the text and JSON reports have all._`,
      );
    return `${lines.join('\n')}\n`;
  }
}
