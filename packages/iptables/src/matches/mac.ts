import { node, type Line } from '@netdrift/core';
import type { MatchExtension, PrintStyle } from '../extension.ts';
import { noteSpelling } from '../rule/rule-line.ts';
import { savedRow, sign } from '../row.ts';

/** `-m mac --mac-source`; the address is in lower case. */
export interface MacMatch {
  readonly kind: 'MacMatch';
  readonly not: boolean;
  readonly address: string;
}

const ADDRESS = {
  expected: 'a hardware address',
  decode: (text: string): string | undefined => (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? text.toLowerCase() : undefined),
};

/** The sign and the address, where they are words of their own. */
interface Apart {
  readonly not: number;
  readonly address: number;
}

const apart = (_line: Line, not: number, address: number): Apart => ({ not, address });

function listed(line: Line, word: number, found: Apart | number): MacMatch {
  if (typeof found === 'number') {
    noteSpelling(line, 'mac-joined');
    return build(line, word, false);
  }
  if (found.not >= 0 && line.span(found.not).end === line.span(found.address).start) noteSpelling(line, 'mac-joined');
  return build(line, found.address, found.not >= 0);
}

function build(line: Line, address: number, not: boolean): MacMatch {
  if (/[A-F]/.test(line.text(address))) noteSpelling(line, 'mac-upper');
  return { kind: 'MacMatch', not, address: line.read(address, ADDRESS) };
}

function spell(address: string, { spells }: PrintStyle): string {
  return spells('mac-upper') ? address.toUpperCase() : address;
}

/** `-m mac`; upper case up to 1.8.4, and 1.8.7 leaves out the blank before the address. */
export const macMatch: MatchExtension<MacMatch> = {
  type: 'match',
  name: 'mac',
  kind: 'MacMatch',
  listing: {
    starts: ['MAC'],
    glued: ['MAC'],
    grammar(g) {
      const word = g.word('MAC');
      const found = g.maybe(() => {
        const not = g.sign();
        return node(apart, not, g.bare());
      });
      return node(listed, word, found);
    },
  },
  print(match, style) {
    const address = spell(match.address, style);
    if (!style.spells('mac-joined')) return `MAC ${sign(match)}${address}`;
    return match.not ? `MAC !${address}` : `MAC${address}`;
  },
  save: savedRow(['--mac-source'], (row) => {
    const item = row.item('--mac-source');
    if (item === undefined) return { kind: 'MacMatch', not: false, address: '' };
    return build(row.line, item.value, item.not);
  }),
  printSave: (match, style) => ` ${sign(match)}--mac-source ${spell(match.address, style)}`,
  samples: ['MAC 00:11:22:aa:bb:cc', 'MAC ! 00:11:22:33:44:55'],
};
