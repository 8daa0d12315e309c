import { node, type Line } from '@netdrift/core';
import type { MatchExtension } from '../extension.ts';
import { bare, savedRow, shown, sign } from '../row.ts';

/** `-m connlabel`: a label of the connection, by number or, where the system names it, by name; `set` sets it too. */
export interface ConnlabelMatch {
  readonly kind: 'ConnlabelMatch';
  readonly not: boolean;
  readonly label: string;
  readonly set?: true;
}

const listed = (line: Line, not: number, label: number, set: number): ConnlabelMatch => ({
  kind: 'ConnlabelMatch',
  not: not >= 0,
  label: line.name(label),
  ...(set < 0 ? {} : { set: true }),
});

/** `-m connlabel`. */
export const connlabelMatch: MatchExtension<ConnlabelMatch> = {
  type: 'match',
  name: 'connlabel',
  kind: 'ConnlabelMatch',
  listing: {
    starts: ['connlabel'],
    words: ['set'],
    values: ['connlabel'],
    grammar(g) {
      g.word('connlabel');
      const not = g.sign();
      const label = g.value();
      return node(
        listed,
        not,
        label,
        g.maybe(() => g.word('set')),
      );
    },
  },
  print: (match) => `connlabel ${sign(match)}${match.label}${match.set === true ? ' set' : ''}`,
  save: savedRow(['--label', bare('--set')], (row) =>
    shown<ConnlabelMatch>({ kind: 'ConnlabelMatch', not: row.not('--label'), label: row.text('--label') ?? '', set: row.flag('--set') }),
  ),
  printSave: (match) => ` ${sign(match)}--label "${match.label}"${match.set === true ? ' --set' : ''}`,
  samples: ['connlabel ! 40', 'connlabel 41 set'],
};
