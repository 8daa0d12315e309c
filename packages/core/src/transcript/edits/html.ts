import type { Edit } from './edited-text.ts';
import { replaceEach } from './replace-each.ts';

const TAG_BEGINS_LINE = /^[ \t]{0,40}<(?:pre|code|div|p|table|tr|td|li|ul|ol|html|body|span|blockquote)\b/im;
/** A break of HTML behind a title that a tool prints. */
const BROKEN_TITLE =
  /(?:\(size=\d+\)|Scheduler Flags|InActConn|destination|packets, \d+\w? bytes\)|references\)|\(policy [A-Z]+\)|COMMIT|\[\d+:\d+\])\s*<br ?\/?>/i;
/** The end of a block of code, of which the beginning was lost. */
const CODE_ENDS = /<\/code>\s{0,3}<\/pre>/i;
const ARROW = /^[ \t>|#]{0,12}-&(?:gt|#62|#x3e); /im;
const MARKUP =
  /<\/?(?:pre|code|div|span|blockquote|p|br|table|tbody|tr|td|th|b|i|u|s|tt|kbd|samp|strong|em|small|big|center|h[1-6]|dl|dt|dd|ul|ol|li|font|a)\b[^<>\n]{0,500}>|&(?:gt|lt|amp|quot|apos|nbsp|#39|#x27|#34|#160|#62|#60|#38|#x3e|#x3c|#x26|#x22|#xa0);/gi;
const BLOCK = /^<\/?(?:pre|div|p|blockquote|table|tr|li|ul|ol|dl|dt|dd|center|h[1-6])\b/i;
const CHARACTERS = new Map([
  ['&gt;', '>'],
  ['&#62;', '>'],
  ['&lt;', '<'],
  ['&#60;', '<'],
  ['&amp;', '&'],
  ['&#38;', '&'],
  ['&quot;', '"'],
  ['&#34;', '"'],
  ['&apos;', "'"],
  ['&#39;', "'"],
  ['&#x27;', "'"],
  ['&nbsp;', ' '],
  ['&#160;', ' '],
  ['&#x3e;', '>'],
  ['&#x3c;', '<'],
  ['&#x26;', '&'],
  ['&#x22;', '"'],
  ['&#xa0;', ' '],
]);

/**
 * Undoes HTML: tags are taken off, entities become their characters. Only in a text that is HTML beyond doubt – a tag begins a
 * line, or ipvsadm's arrow is an entity – for a comment may hold `<b>` or `&gt;` as they are.
 */
export function htmlEdits(text: string): readonly Edit[] {
  if (!text.includes('<') && !text.includes('-&')) return [];
  if (!ARROW.test(text) && !TAG_BEGINS_LINE.test(text) && !BROKEN_TITLE.test(text) && !CODE_ENDS.test(text)) return [];
  return replaceEach(text, MARKUP, (found, at) => {
    if (/^<br/i.test(found)) return '\n';
    // A block ends its line, though the next one's text may stand right behind it.
    if (BLOCK.test(found) && !/[\r\n]/.test(text[at + found.length] ?? '\n') && !/[\n]/.test(text[at - 1] ?? '\n')) return '\n';
    return CHARACTERS.get(found.toLowerCase()) ?? '';
  });
}
