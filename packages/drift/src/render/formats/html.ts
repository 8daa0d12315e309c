import { displayHtml } from '@netdrift/core';
import { hostTitle } from '../../report/host-sections.ts';
import type { Severity } from '../../report.ts';
import { entryArticle } from '../html/entry.ts';
import { SCRIPT, SCRIPT_HASH } from '../html/script.ts';
import { STYLE } from '../html/style.ts';
import { outlinesOf } from '../outline/outline.ts';
import type { Outline } from '../outline/outline-model.ts';
import { troubleText } from '../outline/paths.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';

/**
 * One HTML page that needs nothing beside it: the verdict, what changed with a picture of each flow, and a filter by severity and service.
 * Its own policy lets it load nothing and run nothing but the filter.
 */
export const HTML: Renderer = {
  name: 'html',
  about: 'a page with pictures',
  mediaType: 'text/html',
  explains: true,
  render: (report, options = {}) => pageOf(report.command, outlinesOf(report), options),
};

/** Articles from which on those out of sight are not laid out. */
const MANY = 200;
const LEVELS: readonly Severity[] = ['critical', 'warning', 'notice', 'none'];

function pageOf(command: Outline['command'], outlines: readonly Outline[], options: RenderOptions): string {
  const severalHosts = outlines.length > 1;
  const entries = outlines.flatMap((outline) => outline.entries);
  const headline = outlines.map((outline) => headlineOf(outline, severalHosts)).join(' ');
  const title = `netdrift ${command === 'nodes' ? 'diff --nodes' : command}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>${title}: ${displayHtml(headline)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#entries">Skip to the ${command === 'check' ? 'findings' : command === 'diff' ? 'changes' : 'differences'}</a>
<header><h1>${title}</h1>${outlines.map((outline) => verdictOf(outline, severalHosts)).join('\n')}</header>
<form id="filter" role="search" hidden>${levelBoxes(entries)}<label>Service or id <input type="search" name="find" autocomplete="off"></label><output id="shown" aria-live="polite"></output></form>
<main id="entries"${entries.length > MANY ? ' class="many"' : ''}>
${outlines.map((outline) => sectionOf(outline, severalHosts, options)).join('\n')}
</main>
<footer>${severalHosts ? '' : noteLines(outlines)}<p>Made by netdrift${options.version === undefined ? '' : ` ${displayHtml(options.version)}`}.</p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function headlineOf(outline: Outline, severalHosts: boolean): string {
  return severalHosts ? `${hostTitle(outline)}: ${outline.headline}` : outline.headline;
}

function verdictOf(outline: Outline, severalHosts: boolean): string {
  const troubles = outline.troubles.map((trouble) => {
    const { side, source } = trouble.place ?? {};
    const place = [side, source].filter((word) => word !== undefined).join(' ');
    return `<p class="trouble"><strong>Trouble:</strong> ${place === '' ? '' : `${displayHtml(place)}: `}${displayHtml(troubleText(trouble))}</p>`;
  });
  return `<p class="verdict">${displayHtml(headlineOf(outline, severalHosts))}</p>\n${troubles.join('\n')}`;
}

/** The entries of one host; of several under its name, with what else is said of it. */
function sectionOf(outline: Outline, severalHosts: boolean, options: RenderOptions): string {
  const articles = outline.entries.map((entry) => entryArticle(entry, options)).join('\n');
  if (!severalHosts) return articles;
  return `<section><h2 class="host">${displayHtml(hostTitle(outline))}</h2>\n${articles}\n${noteLines([outline])}</section>`;
}

function noteLines(outlines: readonly Outline[]): string {
  return outlines.flatMap(({ notes }) => notes.map((note) => `<p>Note: ${displayHtml(note)}.</p>`)).join('\n');
}

function levelBoxes(entries: Outline['entries']): string {
  const boxes = LEVELS.flatMap((level) => {
    const count = entries.filter(({ severity }) => severity === level).length;
    return count === 0 ? [] : [`<label><input type="checkbox" value="${level}" checked> ${level} (${count})</label>`];
  });
  return boxes.length === 0 ? '' : `<fieldset><legend>Show</legend>${boxes.join('')}</fieldset>`;
}
