import { displayHtml } from '@netdrift/core';
import type { Entry, Place } from '../outline/outline-model.ts';
import { pathOf } from '../outline/paths.ts';
import type { RenderOptions } from '../renderer.ts';
import { pictureOf } from './picture.ts';

/** Pictures of one entry; a cause may explain thousands of flows. */
const PICTURED = 3;
/** Names of what one entry tells of; the filter finds all of them. */
const NAMED = 50;
/** Labels whose text is to be typed or found in a listing. */
const MONOSPACE: ReadonlySet<string> = new Set(['packet', 'before', 'after', 'look at']);
/** Labels that are shown at once; what else there is folds away. */
const AT_ONCE: ReadonlySet<string> = new Set(['effect', 'also', 'because', 'shares', 'services', 'cluster', 'look at', 'note']);

/** One change, finding or difference as an article. */
export function entryArticle(entry: Entry, options: RenderOptions): string {
  const { id, severity, certainty = 'proven', subject, subjects, text, known, flows, groups, details } = entry;
  const doubt = certainty === 'proven' ? '' : ` <span class="known">(${certainty})</span>`;
  const find = [
    subject,
    ...subjects,
    id,
    text,
    ...flows.map(({ service }) => service),
    ...details.filter(({ label }) => label === 'services').map((detail) => detail.text),
  ]
    .join(' ')
    .toLowerCase();
  const pictures = flows.slice(0, PICTURED).map(pictureOf).join('');
  const more = flows.length > PICTURED ? `<p>${flows.length - PICTURED} more addresses are treated alike.</p>` : '';
  return `<article class="entry ${severity}" data-level="${severity}" data-find="${displayHtml(find)}">
<h2><span class="level">${severity}</span>${displayHtml(`${text}.`)}${doubt}${known ? ' <span class="known">(known)</span>' : ''}</h2><p class="id">${displayHtml(id)}</p>
${pictures}${more}${groupTable(groups)}${list(details.filter(({ label }) => AT_ONCE.has(label)))}${proof(entry, options)}</article>`;
}

function groupTable(groups: Entry['groups']): string {
  if (groups.length === 0) return '';
  const rows = groups.map(
    ({ nodes, does }) => `<tr><th scope="row">${displayHtml(nodes.join(', '))}</th><td>${displayHtml(does)}</td></tr>`,
  );
  return `<table><caption>Nodes by what they do</caption>${rows.join('')}</table>`;
}

function list(details: Entry['details']): string {
  if (details.length === 0) return '';
  return `<dl>${details.map(({ label, text }) => `<dt>${label}</dt><dd${MONOSPACE.has(label) ? ' class="mono"' : ''}>${displayHtml(text)}</dd>`).join('')}</dl>`;
}

function proof({ details, places, subjects }: Entry, options: RenderOptions): string {
  const rest = details.filter(({ label }) => !AT_ONCE.has(label));
  const named = subjects.length > NAMED ? [...subjects.slice(0, NAMED), `${subjects.length - NAMED} more`] : subjects;
  const about = subjects.length === 0 ? '' : `<dl><dt>about</dt><dd>${displayHtml(named.join(', '))}</dd></dl>`;
  const seen = places.slice(0, 20).map((place) => displayHtml(placeText(place, options)));
  if (places.length > seen.length) seen.push(`${places.length - seen.length} more`);
  if (rest.length === 0 && seen.length === 0 && about === '') return '';
  return `<details><summary>Proof and places</summary>${about}${list(rest)}${seen.length === 0 ? '' : `<p class="seen">seen at ${seen.join(', ')}</p>`}</details>`;
}

function placeText(place: Place, options: RenderOptions): string {
  const [first, last] = place.lines;
  return `${place.side === undefined || options.folders?.[place.side] !== undefined ? '' : `${place.side} `}${pathOf(place, options)}:${first}${last > first ? `-${last}` : ''}`;
}
