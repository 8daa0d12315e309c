// docs/picture.svg, the picture in the README: two stories of the report of the demo, drawn from what the report holds of them.
// test/cli/readme.test.ts writes and compares it.
import { readdirSync, readFileSync } from 'node:fs';
import { displayHtml } from '@netdrift/core';
import { diffSnapshots, readSnapshot } from '@netdrift/drift';

/** @typedef {import('@netdrift/drift').Change} Change */
/** @typedef {{ readonly endpoints: readonly { readonly address: string, readonly share?: number }[], readonly verdict?: string }} Side */

const demo = new URL('../fixtures/demo/', import.meta.url);
const PANEL = 430;
const ROW = 30;
const COLORS = { critical: '#b3261e', warning: '#8a4b00', notice: '#0b57a4', none: '#57606a' };

/** The picture as SVG. */
export function readmePicture() {
  const { changes } = diffSnapshots(snapshot('before'), snapshot('drifted'));
  const stories = changes.filter(({ witness, shares }) => witness?.after.verdict === 'refused' || shares !== undefined).slice(0, 2);
  let top = 0;
  const drawn = stories.map((change) => {
    const { height, text } = story(change);
    const moved = `<g transform="translate(0 ${top})">${text}</g>`;
    top += height;
    return moved;
  });
  const title = stories.map(({ severity, text }) => `${severity}: ${text}`).join('. ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 ${top + 10}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" role="img">
<title>${displayHtml(title)}</title>
<rect width="900" height="${top + 10}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

/** @param {string} side */
function snapshot(side) {
  const folder = new URL(`${side}/`, demo);
  return readSnapshot(
    readdirSync(folder)
      .sort()
      .map((name) => ({ name, content: readFileSync(new URL(name, folder)) })),
  );
}

/** @param {Change} change */
function story({ severity, text, witness, shares, subject }) {
  const lines = wrapped(`${severity.toUpperCase()}  ${text}`, 105);
  const title = lines.map((line, index) => label(12, 24 + index * 18, line, COLORS[severity], 'bold')).join('');
  const service =
    witness === undefined
      ? (subject.frontends?.[0] ?? subject.name)
      : `${witness.packet.protocol} ${witness.packet.destination}:${witness.packet.destinationPort ?? ''}`;
  /** @type {readonly [Side, Side]} */
  const [before, after] =
    witness === undefined ? [{ endpoints: shares?.before ?? [] }, { endpoints: shares?.after ?? [] }] : [witness.before, witness.after];
  const rows = Math.max(before.endpoints.length, after.endpoints.length, 1);
  const y = 34 + (lines.length - 1) * 18;
  const height = 44 + rows * ROW;
  const client = witness === undefined ? 'clients' : witness.packet.from;
  const panels = [panel('before', client, service, before, after, height), panel('after', client, service, after, before, height)];
  return {
    height: y + height + 14,
    text: `${title}${panels.map((one, index) => `<g transform="translate(${12 + index * (PANEL + 16)} ${y})">${one}</g>`).join('')}`,
  };
}

/**
 * @param {'before' | 'after'} when @param {string} client @param {string} service @param {Side} side @param {Side} other @param {number}
 * height
 */
function panel(when, client, service, side, other, height) {
  const middle = 34 + (height - 44) / 2;
  const ends =
    side.endpoints.length === 0
      ? [{ text: side.verdict ?? 'refused', share: 0.2, color: COLORS.critical, dashed: false }]
      : side.endpoints.map((end) => endOf(when, end, other));
  const first = middle - (ends.length * ROW) / 2;
  const drawn = ends.map(({ text, share, color, dashed }, index) => {
    const y = first + (index + 0.5) * ROW;
    const line = `<path d="M222 ${middle}C242 ${middle} 236 ${y} 254 ${y}" fill="none" stroke="${color}" stroke-width="${Math.max(1.5, share * 10)}"${dashed ? ' stroke-dasharray="4 3"' : ''}/>`;
    return `${line}${box(254, y - 12, 168, text, color)}`;
  });
  return `<rect width="${PANEL}" height="${height}" rx="6" fill="#f6f8fa" stroke="#d0d7de"/>${label(10, 20, when, '#57606a', 'bold')}<path d="M72 ${middle}H80" stroke="#57606a" stroke-width="2"/>${box(8, middle - 12, 64, client, '#24292f')}${box(80, middle - 12, 142, service, '#24292f')}${drawn.join('')}`;
}

/** @param {'before' | 'after'} when @param {Side['endpoints'][number]} end @param {Side} other */
function endOf(when, { address, share = 0 }, other) {
  const counterpart = other.endpoints.find((one) => one.address === address);
  const percent = `${Math.round(share * 100)} %`;
  if (counterpart === undefined)
    return when === 'before'
      ? { text: `${address} ${percent}`, share, color: COLORS.critical, dashed: true }
      : { text: `${address} ${percent}`, share, color: '#1a7f37', dashed: false };
  return {
    text: `${address} ${percent}`,
    share,
    color: Math.abs((counterpart.share ?? 0) - share) < 0.0005 ? '#24292f' : COLORS.warning,
    dashed: false,
  };
}

/** @param {number} x @param {number} y @param {number} width @param {string} text @param {string} color */
function box(x, y, width, text, color) {
  return `<rect x="${x}" y="${y}" width="${width}" height="24" rx="4" fill="#fff" stroke="${color}"/><text x="${x + 7}" y="${y + 16}" fill="${color}" font-size="11.5">${displayHtml(text)}</text>`;
}

/** @param {number} x @param {number} y @param {string} text @param {string} color @param {string} weight */
function label(x, y, text, color, weight) {
  return `<text x="${x}" y="${y}" fill="${color}" font-weight="${weight}">${displayHtml(text)}</text>`;
}

/**
 * Words in lines of so many columns, three lines at most.
 * @param {string} text @param {number} columns
 */
function wrapped(text, columns) {
  /** @type {string[]} */
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    if (`${lines[last]} ${word}`.length <= columns) lines[last] = lines[last] === '' ? word : `${lines[last]} ${word}`;
    else lines.push(word);
  }
  return lines.length > 3 ? [...lines.slice(0, 2), `${lines[2]} …`] : lines;
}
