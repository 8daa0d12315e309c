import { type Diagnostic, renderDiagnostics } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function at(start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'iptables/bad-mark', severity: 'error', message: 'wrong', span: { start, end }, ...more };
}

function lines(...text: string[]): string {
  return text.map((line) => `${line}\n`).join('');
}

describe('renderDiagnostics', () => {
  it('shows the message, the place, the line with a mark and the help', () => {
    const line = 'MARK  all  --  0.0.0.0/0  0.0.0.0/0  MARK or 0x4z00';
    const text = `${'\n'.repeat(11)}${line}\n`;
    const start = text.indexOf('0x4z00');
    const diagnostic = at(start, start + 6, {
      message: 'mark "0x4z00" is not hexadecimal',
      labels: [{ span: { start, end: start + 6 }, message: 'expected 0x and digits 0-9, a-f' }],
      help: 'iptables prints marks as 0x and hexadecimal digits',
    });
    expect(renderDiagnostics([diagnostic], text, { name: 'before.txt' })).toBe(
      lines(
        'error[iptables/bad-mark]: mark "0x4z00" is not hexadecimal',
        '  --> before.txt:12:46',
        '   |',
        '12 | MARK  all  --  0.0.0.0/0  0.0.0.0/0  MARK or 0x4z00',
        '   |                                              ^^^^^^ expected 0x and digits 0-9, a-f',
        '   = help: iptables prints marks as 0x and hexadecimal digits',
      ),
    );
  });

  it('gives nothing for no diagnostics', () => {
    expect(renderDiagnostics([], 'x')).toBe('');
  });

  it('widens tabs so that the mark stands under its place', () => {
    expect(renderDiagnostics([at(3, 5)], 'a\t\tbc d')).toBe(
      lines('error[iptables/bad-mark]: wrong', ' --> 1:4', '  |', '1 | a               bc d', '  |                 ^^'),
    );
  });

  it('counts wide characters as two columns and combining marks as none', () => {
    expect(renderDiagnostics([at(5, 6)], '한글e\u0301 x')).toBe(
      lines('error[iptables/bad-mark]: wrong', ' --> 1:6', '  |', '1 | 한글e\u0301 x', '  |       ^'),
    );
  });

  it('shows control characters escaped, in the line, the name and the message', () => {
    const hostile = at(3, 4, { message: 'bad \u001b[31m' });
    expect(renderDiagnostics([hostile], '\u001b[Ax\u0007', { name: 'a\nb' })).toBe(
      lines('error[iptables/bad-mark]: bad \\x1b[31m', ' --> a\\nb:1:4', '  |', '1 | \\x1b[Ax\\x07', '  |       ^'),
    );
  });

  it('keeps the carriage return of a line end out of the frame', () => {
    expect(renderDiagnostics([at(3, 9)], 'a\r\nbc\r\nd')).toBe(
      lines('error[iptables/bad-mark]: wrong', ' --> 2:1', '  |', '2 | bc', '  | ^^ and 1 more line'),
    );
  });

  it('cuts a long line around its mark', () => {
    const text = `${'a'.repeat(5000)}WRONG${'b'.repeat(5000)}`;
    expect(renderDiagnostics([at(5000, 5005)], text)).toBe(
      lines(
        'error[iptables/bad-mark]: wrong',
        ' --> 1:5001',
        '  |',
        `1 | …${'a'.repeat(40)}WRONG${'b'.repeat(74)}…`,
        `  | ${' '.repeat(41)}^^^^^`,
      ),
    );
  });

  it('cuts a long mark too', () => {
    expect(renderDiagnostics([at(0, 10_000)], 'a'.repeat(10_000))).toBe(
      lines('error[iptables/bad-mark]: wrong', ' --> 1:1', '  |', `1 | ${'a'.repeat(120)}…`, `  | ${'^'.repeat(120)}`),
    );
  });

  it('marks an empty place and the end of the text with one caret', () => {
    expect(renderDiagnostics([at(2, 2)], 'ab')).toBe(lines('error[iptables/bad-mark]: wrong', ' --> 1:3', '  |', '1 | ab', '  |   ^'));
  });

  it('shows labels in the order of the text, with a gap between lines that are apart', () => {
    const text = 'Chain A\nr1\nr2\nChain A\n';
    const diagnostic = at(14, 21, { severity: 'warning', labels: [{ span: { start: 0, end: 7 }, message: 'first listed here' }] });
    expect(renderDiagnostics([diagnostic], text)).toBe(
      lines(
        'warning[iptables/bad-mark]: wrong',
        ' --> 4:1',
        '  |',
        '1 | Chain A',
        '  | ------- first listed here',
        '  …',
        '4 | Chain A',
        '  | ^^^^^^^',
      ),
    );
  });

  it('sorts by offset, shows the first 20 and counts the rest by severity', () => {
    const text = 'x'.repeat(30);
    const many = Array.from({ length: 24 }, (_, index) =>
      at(23 - index, 24 - index, { severity: index < 2 ? 'warning' : 'info', message: `number ${23 - index}` }),
    );
    const shown = renderDiagnostics(many, text).split('\n\n');
    expect(shown.length).toBe(21);
    expect(shown[0]).toMatch(/^info\[iptables\/bad-mark\]: number 0\n/);
    expect(shown[20]).toBe('… and 4 more: 2 warnings, 2 info\n');
  });

  it('puts the mark under its place in any line', () => {
    const parts = fc.array(fc.constantFrom('a', '\t', '한', '\u001b', '🚀', '\udce9', ' '), { maxLength: 200 });
    fc.assert(
      fc.property(parts, parts, (before, after) => {
        const prefix = before.join('');
        const text = `${prefix}MARK${after.join('')}`;
        const [source = '', pointer = ''] = renderDiagnostics([at(prefix.length, prefix.length + 4)], text)
          .split('\n')
          .slice(3);
        const widths = [...source.slice(0, source.indexOf('MARK'))].map((shown) => (/[한🚀]/u.test(shown) ? '  ' : ' '));
        expect(pointer.indexOf('^^^^') - 4).toBe(widths.join('').length - 4);
      }),
    );
  });
});
