import { instantiate, keepShapes, type Line } from '@netdrift/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grammarWith, isMismatch, scan } from './mark-grammar.ts';

const TEXTS = ['web mark 0x1', 'web ! mark 0x4000 save flag flag', 'mark mark mark set', 'web mark 0x1 flag'];

const learnedFrom = (texts: readonly string[]) => {
  const grammar = grammarWith(keepShapes([]));
  const learned = grammar.forget();
  for (const text of texts) grammar.learn(scan(text));
  return keepShapes(learned);
};

const nodeOf = (template: ReturnType<ReturnType<typeof grammarWith>['learn']>, line: Line) =>
  isMismatch(template) ? template : instantiate(template, line);

describe('known shapes', () => {
  it('are one line for each shape, and the names of its tokens', () => {
    expect(learnedFrom([...TEXTS, 'db mark 0x2'])).toEqual({
      tokens: ['Bang', 'Word', 'flag', 'mark', 'save', 'set'],
      shapes: ['ABAAADABAEACAC BBBC', 'ABADAB AAA', 'ABADABAC AAB', 'ABADADAF ABAA'].join('\n'),
    });
  });

  it('give what the grammar gives', () => {
    const grammar = grammarWith(learnedFrom(TEXTS));
    const words = fc.array(fc.constantFrom('web', '!', 'mark', '0x1', 'set', 'save', 'flag'), { maxLength: 7 });
    fc.assert(
      fc.property(words, (some) => {
        const line = scan(some.join(' '));
        expect(nodeOf(grammar.learn(line), line)).toEqual(nodeOf(grammar.derive(line), line));
      }),
    );
  });

  it('are left aside where they do not fit the grammar', () => {
    const { tokens } = learnedFrom(TEXTS);
    for (const decisions of ['AAB', 'BAA', 'AA', 'AAAA', 'ABJ', '', '?']) {
      const grammar = grammarWith({ tokens, shapes: `ABADAB ${decisions}` });
      const line = scan('web mark 0x1');
      expect(nodeOf(grammar.learn(line), line)).toEqual(nodeOf(grammar.derive(line), line));
    }
  });

  it('of tokens that are no longer there are left aside, and not current', () => {
    const grammar = grammarWith({ tokens: ['Gone', 'Word', 'mark'], shapes: 'AABA \nABACAB AAA' });
    const line = scan('web mark 0x1');
    expect(nodeOf(grammar.learn(line), line)).toMatchObject({ name: 'web' });
    expect(grammar.relearn()).toEqual([{ tokens: ['Word', 'mark', 'Word'], decisions: 'AAA' }]);
  });

  it('are no shapes of very long lines, and of none with very many of a part', () => {
    expect(learnedFrom([`web mark 0x1${' flag'.repeat(44)}`]).shapes).not.toBe('');
    expect(learnedFrom([`web mark 0x1${' flag'.repeat(46)}`]).shapes).toBe('');
  });
});
