import { displayHtml } from '@netdrift/core';
import type { Flow, FlowSide } from '../outline/outline-model.ts';

/** Endpoints that are drawn; of more, those that changed come first and the rest is counted. */
const DRAWN = 8;
/** Width of the line that takes all connections. */
const WIDEST = 12;

type Change = 'lost' | 'new' | 'moved' | 'same';

interface End {
  readonly address: string;
  readonly share: number | undefined;
  readonly change: Change;
  readonly masqueraded: boolean | undefined;
}

const VERDICTS: { readonly [Verdict in FlowSide['verdict']]: string } = {
  delivered: 'delivered',
  refused: 'refused',
  dropped: 'dropped',
  passed: 'not translated',
  unknown: 'not known',
};

/** Clients → service address → endpoints, before beside after; and the same in words, for who listens to the page. */
export function pictureOf(flow: Flow): string {
  return `<figure class="flow"><figcaption class="hear">${displayHtml(inWords(flow))}</figcaption>${sidePanel('before', flow, flow.before, flow.after)}${sidePanel('after', flow, flow.after, flow.before)}</figure>`;
}

function sidePanel(when: 'before' | 'after', flow: Flow, side: FlowSide | undefined, other: FlowSide | undefined): string {
  const source = side === undefined ? '' : sourceText(side);
  const changed = source !== '' && other !== undefined && sourceText(other) !== '' && sourceText(other) !== source ? ' class="changed"' : '';
  const way = side === undefined ? '<div class="way"><span class="stop">not there</span></div>' : wayOf(flow, side, drawnEnds(side, other, when));
  return `<div class="side" aria-hidden="true"><div class="when"><span>${when}</span><span${changed}>${source}</span></div>${way}</div>`;
}

function wayOf({ client, service }: Flow, { verdict }: FlowSide, ends: readonly End[]): string {
  const shown = ends.slice(0, DRAWN);
  const rows = shown.map(({ address, share, change, masqueraded }) => `<li class="end ${change}"><span>${displayHtml(address)}</span><span>${[shareText(share), MARKS[change], masqueraded === undefined ? '' : masqueraded ? 'masqueraded' : 'source kept'].filter(Boolean).join(', ')}</span></li>`);
  if (ends.length > shown.length) rows.push(`<li class="end"><span>${ends.length - shown.length} more</span></li>`);
  if (ends.length === 0) rows.push(`<li class="end${verdict === 'refused' || verdict === 'dropped' ? ' bad' : ''}"><span>${VERDICTS[verdict]}</span></li>`);
  const lines = rows.map((_row, index) => lineOf((index + 0.5) / rows.length, shown[index]));
  return `<div class="way"><span class="stop">${displayHtml(client ?? 'clients')}</span>${svg('<path d="M0 50H40" stroke-width="2"/>')}<span class="stop">${displayHtml(service)}</span>${svg(lines.join(''))}<ul class="ends${rows.length === 1 ? ' one' : ''}">${rows.join('')}</ul></div>`;
}

const MARKS: { readonly [Kind in Change]: string } = { lost: 'lost', new: 'new', moved: 'share changed', same: '' };

function svg(paths: string): string {
  return `<svg class="link" viewBox="0 0 40 100" preserveAspectRatio="none" focusable="false">${paths}</svg>`;
}

/** A line from the middle to the height of one row, as wide as its share. */
function lineOf(height: number, end: End | undefined): string {
  const y = Math.round(height * 100);
  const width = Math.max(1, Math.round((end?.share ?? 0.15) * WIDEST));
  const kind = end === undefined || end.change === 'same' ? '' : ` class="${end.change}"`;
  return `<path d="M0 50C20 50 20 ${y} 40 ${y}" stroke-width="${width}"${kind}/>`;
}

/** The endpoints of one side, those that changed first. */
function drawnEnds(side: FlowSide, other: FlowSide | undefined, when: 'before' | 'after'): End[] {
  const others = new Map(other?.endpoints.map((endpoint) => [endpoint.address, endpoint]));
  const ends = side.endpoints.map(({ address, share, masqueraded }): End => {
    const counterpart = others.get(address);
    const change = counterpart === undefined ? (when === 'before' ? 'lost' : 'new') : isSameShare(share, counterpart.share) ? 'same' : 'moved';
    return { address, share, change, masqueraded };
  });
  return ends.length <= DRAWN ? ends : [...ends.filter(({ change }) => change !== 'same'), ...ends.filter(({ change }) => change === 'same')];
}

function isSameShare(one: number | undefined, other: number | undefined): boolean {
  return one === undefined || other === undefined || Math.abs(one - other) < 0.0005;
}

function shareText(share: number | undefined): string {
  if (share === undefined) return '';
  return share > 0 && share < 0.005 ? '< 1 %' : `${Math.round(share * 100)} %`;
}

function sourceText({ masqueraded }: FlowSide): string {
  return masqueraded === undefined ? '' : masqueraded ? 'source address masqueraded' : 'source address kept';
}

function inWords({ client, service, before, after }: Flow): string {
  const from = client === undefined ? 'Connections' : `Connections from ${client}`;
  return `${from} to ${service}. Before: ${sideInWords(before)}. After: ${sideInWords(after)}.`;
}

function sideInWords(side: FlowSide | undefined): string {
  if (side === undefined) return 'not there';
  const shown = side.endpoints.slice(0, DRAWN).map(({ address, share }) => `${address}${share === undefined ? '' : ` (${shareText(share)})`}`);
  const rest = side.endpoints.length - shown.length;
  const to = shown.length === 0 ? VERDICTS[side.verdict] : `to ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const source = sourceText(side);
  return source === '' ? to : `${to}, ${source}`;
}
