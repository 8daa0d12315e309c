import { ABSENT, instantiate, Line, lineGrammar, MAX_TOKENS, node, shapeCache, tokenSet, wordTable } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import '../../support/object-group-by.ts';
import { grammar, isMismatch, type MarkEntry, scan, word } from './mark-grammar.ts';

function read(text: string): { node: MarkEntry; refusal: Line['refusal'] } {
  const line = scan(text);
  const template = grammar.learn(line);
  if (isMismatch(template)) throw new Error(`mismatch at ${template.at}`);
  return { node: instantiate(template, line), refusal: line.refusal };
}

function mismatch(text: string) {
  const result = grammar.learn(scan(text));
  return isMismatch(result) ? result : undefined;
}

describe('a line grammar', () => {
  it('gives a template that makes the node of the line', () => {
    expect(read('web ! mark 0x4000 save flag flag')).toEqual({
      node: {
        kind: 'MarkEntry',
        name: 'web',
        not: true,
        value: 0x4000,
        action: { kind: 'Action', word: 'save' },
        flags: 2,
      },
      refusal: undefined,
    });
  });

  it('leaves optional parts away when the line has none', () => {
    expect(read('web mark 0x1').node).toEqual({ kind: 'MarkEntry', name: 'web', not: false, value: 1, flags: 0 });
  });

  it('takes a keyword for a free word where the scanner says so or the grammar reads one', () => {
    expect(read('mark mark 0x1').node.name).toBe('mark');
    expect(mismatch('web mark save')).toBeUndefined();
  });

  it('says which token does not fit, and in which rule', () => {
    expect(mismatch('web mark 0x1 0x2')).toEqual({ mismatch: true, at: 3, rule: '', ruleStart: 0 });
    expect(mismatch('web set 0x1')).toMatchObject({ at: 1, rule: 'entry', ruleStart: 0 });
  });

  it('says that a line ended too early', () => {
    expect(mismatch('web mark')).toMatchObject({ mismatch: true, at: 2, rule: 'entry' });
    expect(mismatch('')).toMatchObject({ mismatch: true, at: 0 });
  });

  it('notes a value that is impossible without making the shape invalid', () => {
    expect(read('web mark 4000').refusal).toEqual({ token: 2, expected: 'a number 0x…' });
  });

  it('is valid by the parser library own rules', () => {
    expect(grammar.validate()).toEqual([]);
  });

  it('reports a grammar with two ways to read one token', () => {
    const tokens = tokenSet();
    const a = tokens.add('A');
    const broken = lineGrammar({
      tokens,
      start: 'line',
      rules: { line: ($) => node((line: Line, index: number) => line.text(index), $.choose([() => $.take(a), () => $.take(a, 1)])) },
    });
    expect(broken.validate()).toHaveLength(1);
    expect(broken.validate()[0]).toContain('Ambiguous');
  });
});

describe('the shape cache', () => {
  it('finds the template of a line with the same token types and other text', () => {
    const shapes = shapeCache<unknown>();
    const first = scan('web mark 0x1');
    shapes.add(first, grammar.learn(first));
    const template = shapes.find(scan('dns   mark 0x2'));
    expect(template).toBeDefined();
    expect(shapes.find(scan('dns ! mark 0x2'))).toBeUndefined();
    expect(shapes.size).toBe(1);
  });

  it('keeps lines apart that have one hash and other types', () => {
    const shapes = shapeCache<string>();
    const first = new Line('ab');
    first.begin(0, 2);
    first.push(1, 0, 1);
    first.push(0, 1, 2);
    const second = new Line('ab');
    second.begin(0, 2);
    second.push(0, 0, 1);
    second.push(31, 1, 2);
    expect(second.hash).toBe(first.hash);
    shapes.add(first, 'first');
    expect(shapes.find(second)).toBeUndefined();
    shapes.add(second, 'second');
    expect([shapes.find(first), shapes.find(second)]).toEqual(['first', 'second']);
  });
});

describe('a line', () => {
  it('says so when it has more tokens than are kept', () => {
    const line = scan('a '.repeat(MAX_TOKENS + 1));
    expect([line.count, line.overflow]).toEqual([MAX_TOKENS, true]);
  });

  it('gives text and spans by token', () => {
    const line = scan('  web  mark 0x1');
    expect([line.text(0), line.text(0, 2), line.span(1), line.flag(ABSENT)]).toEqual([
      'web',
      'web  mark 0x1',
      { start: 7, end: 11 },
      false,
    ]);
    expect(line.type(0)).toBe(word);
  });
});

describe('a word table', () => {
  it('finds each of many words and nothing else', () => {
    const spelled = Array.from({ length: 500 }, (_, index) => `word-${index}`);
    const table = wordTable(spelled.map((text, index) => [text, index] as const));
    const found = spelled.map((text) => table.find(new Line(text).bytes, 0, text.length));
    expect(found).toEqual(spelled.map((_, index) => index));
    for (const other of ['word-500', 'word', '', 'wörd-1']) expect(table.find(new Line(other).bytes, 0, other.length)).toBe(-1);
  });

  it('refuses one word with two meanings', () => {
    expect(() =>
      wordTable([
        ['a', 1],
        ['a', 2],
      ]),
    ).toThrow('word "a" has two codes');
  });
});
