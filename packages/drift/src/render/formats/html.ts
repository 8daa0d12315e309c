import { displayHtml } from '@netdrift/core';
import type { Severity } from '../../report.ts';
import { entryArticle } from '../html/entry.ts';
import { SCRIPT, SCRIPT_HASH } from '../html/script.ts';
import { STYLE } from '../html/style.ts';
import { outlineOf } from '../outline/outline.ts';
import type { Outline } from '../outline/outline-model.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';

/**
 * One HTML page that needs nothing beside it: the verdict, what changed with a picture of each flow, and a filter by severity and service.
 * Its own policy lets it load nothing and run nothing but the filter.
 */
export const HTML: Renderer = {
  name: 'html',
  mediaType: 'text/html',
  render: (report, options = {}) => pageOf(outlineOf(report), options),
};

/** Articles from which on those out of sight are not laid out. */
const MANY = 200;
const LEVELS: readonly Severity[] = ['critical', 'warning', 'notice', 'none'];

function pageOf(outline: Outline, options: RenderOptions): string {
  const { command, headline, troubles, entries, notes } = outline;
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
<header><h1>${title}</h1><p class="verdict">${displayHtml(headline)}</p>
${troubles.map(({ message, place }) => `<p class="trouble"><strong>Trouble:</strong> ${place === undefined ? '' : `${displayHtml(place.source)}: `}${displayHtml(message)}</p>`).join('\n')}</header>
<form id="filter" role="search" hidden>${levelBoxes(outline)}<label>Service or id <input type="search" name="find" autocomplete="off"></label><output id="shown" aria-live="polite"></output></form>
<main id="entries"${entries.length > MANY ? ' class="many"' : ''}>
${entries.map((entry) => entryArticle(entry, options)).join('\n')}
</main>
<footer>${notes.map((note) => `<p>Note: ${displayHtml(note)}.</p>`).join('\n')}<p>Made by netdrift${options.version === undefined ? '' : ` ${displayHtml(options.version)}`}.</p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function levelBoxes({ entries }: Outline): string {
  const boxes = LEVELS.flatMap((level) => {
    const count = entries.filter(({ severity }) => severity === level).length;
    return count === 0 ? [] : [`<label><input type="checkbox" value="${level}" checked> ${level} (${count})</label>`];
  });
  return boxes.length === 0 ? '' : `<fieldset><legend>Show</legend>${boxes.join('')}</fieldset>`;
}
