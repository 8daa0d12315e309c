import { displayHtml, displayJson, displayMarkdown, displayMarkdownCode, displayText, quoteInput } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Texts rich in what is dangerous to show. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        '\u001b[2J',
        '\u009b',
        '\u202e',
        '\u2066',
        '\u200b',
        '\ufeff',
        '\udce9',
        '\u{e0041}',
        '\u00a0',
        '\r',
        '|',
        '`',
        '\\',
        '<b>',
        '@a',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const unsafe = /[\u0000-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]|\p{Surrogate}|[\u{e0000}-\u{e0fff}]/u;

describe('displayText', () => {
  it('leaves plain words of any script alone', () => {
    for (const text of ['KUBE-SVC-6IM33IEVEEV7U3GP', '/* web "x" \\ */', 'kube-proxy의 모드', '负载均衡', '🚀 é']) {
      expect(displayText(text)).toBe(text);
    }
  });

  it('shows what acts on a terminal escaped', () => {
    expect(displayText('\u001b]0;x\u0007\r\n\t\u007f\u009b')).toBe('\\x1b]0;x\\x07\\r\\n\\t\\x7f\\u009b');
  });

  it('shows what hides from the eye escaped', () => {
    expect(displayText('a\u200b\u202e\ufeff\u00a0\u{e0041}b')).toBe('a\\u200b\\u202e\\ufeff\\u00a0\\u{e0041}b');
  });

  it('shows bytes that were not UTF-8 as bytes', () => {
    expect(displayText('caf\udce9 \ud800')).toBe('caf\\xe9 \\ud800');
  });

  it('lets nothing unsafe through, and changes nothing the second time', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(displayText(text)).not.toMatch(unsafe);
        expect(displayText(displayText(text))).toBe(displayText(text));
      }),
    );
  });
});

describe('quoteInput', () => {
  it('quotes, escapes and cuts at 40 characters', () => {
    expect(quoteInput('80a')).toBe('"80a"');
    expect(quoteInput('\u001b')).toBe('"\\x1b"');
    expect(quoteInput('x'.repeat(40))).toBe(`"${'x'.repeat(40)}"`);
    expect(quoteInput('🚀'.repeat(41))).toBe(`"${'🚀'.repeat(40)}…"`);
    expect(quoteInput('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(40)}…"`);
  });
});

describe('displayMarkdown', () => {
  it('takes the meaning of markup, mentions and links away', () => {
    expect(displayMarkdown('a|b <b> `c` *d* [e](f)')).toBe('a\\|b &lt;b&gt; \\`c\\` \\*d\\* \\[e\\](f)');
    expect(displayMarkdown('@org #12 https://x.y www.x.y :smile:')).toBe(
      '@<!-- -->org #<!-- -->12 https&#58;//x.y www.<!-- -->x.y &#58;smile:',
    );
    expect(['# head', '- item', '+ item', '---', '1. item', '=='].map(displayMarkdown)).toEqual([
      '\\# head',
      '\\- item',
      '\\+ item',
      '\\---',
      '1\\. item',
      '\\==',
    ]);
    expect(displayMarkdown('\n# head')).toBe('\\\\n# head');
  });

  it('leaves names, addresses and options readable', () => {
    for (const text of [
      'kube-system/kube-dns:dns (udp 10.96.0.10:53)',
      '-s 10.244.0.0/16 ! -d 10.244.0.0/16 -j MASQUERADE',
      '33 % → 50 %',
      'KUBE-SERVICES, 3',
      '2001:db8::1',
    ]) {
      expect(displayMarkdown(text)).toBe(text);
    }
  });

  it('lets no bar, bracket or backtick stand without a backslash', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = displayMarkdown(text);
        expect(shown).not.toMatch(unsafe);
        expect(shown.replace(/\\./g, '')).not.toMatch(/[|`[\]*_]/);
        expect(shown.replaceAll('<!-- -->', '')).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe('displayHtml', () => {
  it('takes the meaning of markup and mentions away, and adds no backslash', () => {
    expect(displayHtml('a|b <b> & "c" *d* @org\u202e')).toBe('a|b &lt;b&gt; &amp; &quot;c&quot; *d* &#64;<!-- -->org\\u202e');
  });
});

describe('displayMarkdownCode', () => {
  it('makes a code span that fits into a table cell', () => {
    expect(displayMarkdownCode('tcp 10.0.0.1:80')).toBe('`tcp 10.0.0.1:80`');
    expect(displayMarkdownCode('a|b')).toBe('`a\\|b`');
    expect(displayMarkdownCode('a``b`')).toBe('``` a``b` ```');
    expect(displayMarkdownCode('')).toBe('');
  });

  it('falls back to an element where a backslash stands before a bar', () => {
    expect(displayMarkdownCode('a\\|b')).toBe('<code>a\\\\\\|b</code>');
  });
});

describe('displayJson', () => {
  it('escapes what acts on a terminal, and reads back to the same value', () => {
    expect(displayJson({ comment: '\u009b2J\u202e\u{e0041}' })).toBe('{"comment":"\\u009b2J\\u202e\\udb40\\udc41"}');
    fc.assert(
      fc.property(hostile, fc.constantFrom(0, 2), (text, indent) => {
        const json = displayJson({ [`k${text}`]: [text] }, indent);
        expect(json.replaceAll('\n', '')).not.toMatch(unsafe);
        expect(JSON.parse(json)).toEqual({ [`k${text}`]: [text] });
      }),
    );
  });
});
