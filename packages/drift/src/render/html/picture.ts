import { displayHtml } from '@netdrift/core';
import type { Flow, FlowPanel, FlowSide } from '../outline/outline-model.ts';

/** Endpoints that are drawn; of more, those that changed come first and the rest is counted. */
const DRAWN = 8;
/** Width of the line that takes all connections. */
const WIDEST = 12;

type Change = 'lost' | 'new' | 'moved' | 'same';

/** What an endpoint is that the other side does not have. */
const ALONE: { readonly [When in FlowPanel['when']]: readonly [Change, string] } = {
  before: ['lost', 'lost'],
  after: ['new', 'new'],
  expected: ['lost', 'missing'],
  'on this node': ['new', 'not expected'],
};

interface End {
  readonly address: string;
  readonly share: number | undefined;
  readonly change: Change;
  readonly mark: string;
  readonly masqueraded: boolean | undefined;
}

const VERDICTS: { readonly [Verdict in FlowSide['verdict']]: string } = {
  delivered: 'delivered',
  'no endpoint': 'no endpoint',
  refused: 'refused',
  dropped: 'dropped',
  passed: 'not translated',
  unknown: 'not known',
};

/** Clients → service address → endpoints, side by side; and the same in words, for who listens to the page. */
export function pictureOf(flow: Flow): string {
  const [first, second] = flow.panels;
  const sides =
    second === undefined ? [sidePanel(first, flow, undefined)] : [sidePanel(first, flow, second), sidePanel(second, flow, first)];
  return `<figure class="flow${second === undefined ? ' alone' : ''}"><figcaption class="hear">${displayHtml(inWords(flow))}</figcaption>${sides.join('')}</figure>`;
}

function sidePanel({ when, side }: FlowPanel, flow: Flow, other: FlowPanel | undefined): string {
  const source = side === undefined ? '' : sourceText(side);
  const othersSource = other?.side === undefined ? '' : sourceText(other.side);
  const changed = source !== '' && othersSource !== '' && othersSource !== source ? ' class="changed"' : '';
  const way =
    side === undefined ? '<div class="way"><span class="stop">not there</span></div>' : wayOf(flow, side, drawnEnds(side, other, when));
  return `<div class="side" aria-hidden="true"><div class="when"><span>${when}</span><span${changed}>${source}</span></div>${way}</div>`;
}

function wayOf({ client, service }: Flow, { verdict }: FlowSide, ends: readonly End[]): string {
  const shown = ends.slice(0, DRAWN);
  const rows = shown.map(
    ({ address, share, change, mark, masqueraded }) =>
      `<li class="end ${change}"><span>${displayHtml(address)}</span><span>${[shareText(share), mark, masqueraded === undefined ? '' : masqueraded ? 'masqueraded' : 'source kept'].filter(Boolean).join(', ')}</span></li>`,
  );
  if (ends.length > shown.length) rows.push(`<li class="end"><span>${ends.length - shown.length} more</span></li>`);
  if (ends.length === 0)
    rows.push(
      `<li class="end${verdict === 'no endpoint' || verdict === 'refused' || verdict === 'dropped' ? ' bad' : ''}"><span>${VERDICTS[verdict]}</span></li>`,
    );
  const lines = rows.map((_row, index) => lineOf((index + 0.5) / rows.length, shown[index]));
  return `<div class="way"><span class="stop">${displayHtml(client ?? 'clients')}</span>${svg('<path d="M0 50H40" stroke-width="2"/>')}<span class="stop">${displayHtml(service)}</span>${svg(lines.join(''))}<ul class="ends${rows.length === 1 ? ' one' : ''}">${rows.join('')}</ul></div>`;
}

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
function drawnEnds(side: FlowSide, other: FlowPanel | undefined, when: FlowPanel['when']): End[] {
  const others = new Map(other?.side?.endpoints.map((endpoint) => [endpoint.address, endpoint]));
  const ends = side.endpoints.map(({ address, share, masqueraded }): End => {
    const counterpart = others.get(address);
    const moved = counterpart !== undefined && !isSameShare(share, counterpart.share);
    const [change, mark] =
      other === undefined ? SAME : counterpart === undefined ? ALONE[when] : moved ? ['moved' as const, MOVED[when]] : SAME;
    return { address, share, change, mark, masqueraded };
  });
  return ends.length <= DRAWN
    ? ends
    : [...ends.filter(({ change }) => change !== 'same'), ...ends.filter(({ change }) => change === 'same')];
}

const SAME: readonly [Change, string] = ['same', ''];
const MOVED: { readonly [When in FlowPanel['when']]: string } = {
  before: 'share changed',
  after: 'share changed',
  expected: 'other share',
  'on this node': 'other share',
};

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

function inWords({ client, service, panels }: Flow): string {
  const from = client === undefined ? 'Connections' : `Connections from ${client}`;
  const told = panels.map(({ when, side }) => `${when.charAt(0).toUpperCase()}${when.slice(1)}: ${sideInWords(side)}.`);
  return [`${from} to ${service}.`, ...told].join(' ');
}

function sideInWords(side: FlowSide | undefined): string {
  if (side === undefined) return 'not there';
  const shown = side.endpoints
    .slice(0, DRAWN)
    .map(({ address, share }) => `${address}${share === undefined ? '' : ` (${shareText(share)})`}`);
  const rest = side.endpoints.length - shown.length;
  const to = shown.length === 0 ? VERDICTS[side.verdict] : `to ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const source = sourceText(side);
  return source === '' ? to : `${to}, ${source}`;
}
