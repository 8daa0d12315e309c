import { klogPrefix } from './layers/envelopes.ts';
import type { LineContext } from './format.ts';
import type { Layer } from './layers/layer.ts';
import type { OpenSection } from './open-section.ts';
import { peelAgain, type Start } from './layers/peel.ts';
import { printedPart } from './layers/right-side.ts';

/** Whether a row is commented out: rows around it, of the same output, are not. */
export function isCommentedOut(open: OpenSection | undefined, { format, strength, layers }: Start): boolean {
  if (open === undefined || strength !== 'row' || open.format !== format) return false;
  const isComment = ({ kind, text }: Layer): boolean => kind.name === 'comment' && /[#;]/.test(text);
  return layers.some(isComment) && !open.layers.some(isComment);
}

/** Whether a message of a log stands before a row of the open output, which the log holds; before a title it stands between two. */
export function isInsideLogged(open: OpenSection | undefined, context: LineContext): boolean {
  if (open === undefined || !open.layers.some(({ kind }) => kind === klogPrefix)) return false;
  const next = context.next();
  const at = peelAgain(next, open.layers);
  if (at === undefined || at === next.length) return false;
  const row = printedPart(next.slice(at), open.layers);
  const once = open.format.once?.(row, context);
  const isNew = once !== undefined && (open.seen.has(once) || open.format.starts(row, context) === 'title');
  return open.format.continues(row, context) && !isNew;
}

/** Whether a row belongs to the open section although something stands between that could not be read. */
export function goesOn(open: OpenSection | undefined, start: Start): boolean {
  if (open === undefined || start.strength === 'title' || start.format !== open.format) return false;
  if (open.waiting.has('blank') && open.waiting.has('other')) return false;
  const sameHost = start.layers.every((layer) => layer.host === undefined || layer.host === open.host);
  const otherSide = start.layers.some(({ kind, text }) => kind.name === 'diff' && !open.layers.some((layer) => layer.text === text));
  return sameHost && !otherSide && start.format.blank !== 'end';
}
