import type { RenderOptions } from '../renderer.ts';
import type { Entry, OutlineTrouble, Place } from './outline-model.ts';

/** The path of the file of a place, as its reader knows it: `before/ipvsadm-ln.txt`. */
export function pathOf({ side, source }: Place, { folders = {} }: RenderOptions): string {
  const folder = folders[side ?? 'after'];
  return folder === undefined ? source : `${folder}/${source}`;
}

/** A path as a reference of RFC 3986, every part percent-encoded: relative, or `file:///…` where the path begins at the root. */
export function uriOf(path: string): string {
  const parts = path.split('/').map((part) => encodeURIComponent(wellFormed(part)));
  // A colon in the first part would read as the end of a scheme; encodeURIComponent has encoded it.
  return `${path.startsWith('/') ? 'file://' : ''}${parts.join('/')}`;
}

/** Bytes that are no UTF-8 stand as lone surrogates, which no URI can hold. */
function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
}

/** The sentence of an entry, and below it what else is told of it. */
export function fullText({ text, certainty = 'proven', details }: Entry): string {
  return [`${text}.${certainty === 'proven' ? '' : ` (${certainty})`}`, ...details.map((detail) => `${detail.label}: ${detail.text}`)].join(
    '\n',
  );
}

/** Why an input cannot be compared, and what is needed instead. */
export function troubleText({ message, help }: OutlineTrouble): string {
  return help === undefined ? message : `${message}; ${help}`;
}

/** Fingerprints that are one's own: of entries that are alike, the second and later ones are numbered. */
export function ownFingerprints(entries: readonly Entry[]): string[] {
  const seen = new Map<string, number>();
  return entries.map(({ fingerprint }) => {
    const count = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, count);
    return count === 1 ? fingerprint : `${fingerprint} ${count}`;
  });
}
