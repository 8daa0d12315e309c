/**
 * What must not reach a terminal, a page or a reader's eye as it is: controls (C0, DEL, C1), line and paragraph
 * separators, format and bidirectional controls, zero-width and default-ignorable characters, blanks that are not the
 * ASCII one, and lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;
const EACH_UNSAFE = new RegExp(UNSAFE, 'gu');
const SHORT = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

/**
 * Text of an input made safe to show in a terminal: what would act on the terminal or hide from the eye is shown escaped.
 *
 * Line feed, carriage return and tab are shown as `\n`, `\r`, `\t`, other controls as `\x1b`, a byte that is not UTF-8 as
 * `\xe9`, other invisible characters as `\u202e` or `\u{e0041}`. A backslash stays as it is, so the result is for
 * reading, not for parsing back; showing it once more changes nothing.
 *
 * @example
 * displayText('web\u001b[2J\u202e') // => 'web\\x1b[2J\\u202e'
 */
export function displayText(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replace(EACH_UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 1)}}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/**
 * Text of an input quoted for a message: made safe as by {@link displayText}, cut at 40 characters.
 *
 * @example
 * quoteInput('80a') // => '"80a"'
 */
export function quoteInput(text: string): string {
  const characters = [...text.slice(0, 82)];
  const cut = characters.length > 40 || text.length > 82;
  return `"${displayText(characters.slice(0, 40).join(''))}${cut ? '…' : ''}"`;
}

/**
 * Text of an input as plain words of HTML, in an element or an attribute; mentions of people and issues are broken, as pages that
 * show Markdown look for them in HTML too.
 *
 * Invisible characters are shown as by {@link displayText}.
 *
 * @example
 * displayHtml('a < b') // => 'a &lt; b'
 */
export function displayHtml(text: string): string {
  return displayText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;')
    .replace(/@/g, '&#64;<!-- -->')
    .replace(/(?<!&)#(?=\d)/g, '#<!-- -->');
}

/**
 * Text of an input as plain words of Markdown, safe in a table cell, a list or a heading: nothing in it is read as markup,
 * as HTML, as a link, or as the mention of a person or an issue. What is harmless stays as it is, so that addresses and
 * names can be read in the source too.
 *
 * Invisible characters are shown as by {@link displayText}. Inside an HTML element Markdown is not read: use
 * {@link displayHtml} there.
 *
 * @example
 * displayMarkdown('a|b <b> 10.0.0.1:80') // => 'a\\|b &lt;b&gt; 10.0.0.1:80'
 */
export function displayMarkdown(text: string): string {
  return (
    displayText(text)
      .replace(/[\\`*_[\]|~$]/g, '\\$&')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/@/g, '@<!-- -->')
      .replace(/#(?=\d)/g, '#<!-- -->')
      // `://` begins a link and `:smile:` is a picture; the groups of an IPv6 address are neither.
      .replace(/:(?=\/\/|[\da-f]*[g-z_+-][\w+-]*:)/gi, '&#58;')
      .replace(/\bwww\./gi, '$&<!-- -->')
      .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
      .replace(/^[-+=#](?=[-+=#\s]|$)/, '\\$&')
  );
}

/**
 * Text of an input as a code span of Markdown, safe in a table cell: the bar is escaped as tables need it, and the fence
 * is longer than any run of backticks inside. Empty text gives an empty string.
 *
 * @example
 * displayMarkdownCode('a|b') // => '`a\\|b`'
 */
export function displayMarkdownCode(text: string): string {
  if (text === '') return '';
  // Tables read \\| as a backslash and a bar that ends the cell, so such text cannot stand in a code span.
  if (text.includes('\\|')) return `<code>${displayMarkdown(text)}</code>`;
  const shown = displayText(text).replace(/\|/g, '\\|');
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).slice(0, 1000).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const apart = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${apart}${shown}${apart}${fence}`;
}

/**
 * A value as one JSON text without any character that acts on a terminal or hides from the eye: they are escaped as
 * `\u001b`, and reading the JSON gives the same value back.
 *
 * @example
 * displayJson({ comment: '\u009b2J' }) // => '{"comment":"\\u009b2J"}'
 */
export function displayJson(value: unknown, indent = 0): string {
  const json = JSON.stringify(value, null, indent);
  const lines = indent === 0 ? [json] : json.split('\n');
  return lines.map((line) => line.replace(EACH_UNSAFE, escapeForJson)).join('\n');
}

function escapeForJson(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at += 1) escaped += `\\u${hex(character.charCodeAt(at), 4)}`;
  return escaped;
}
