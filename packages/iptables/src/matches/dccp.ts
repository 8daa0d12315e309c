import { node, type Line } from '@netdrift/core';
import { wholeNumber, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { PORTS, type PortCondition } from '../fields/port-condition.ts';
import { joinedSign, joinOptions, joinShown, Row, savedRow, shown, sign, type RowItem } from '../row.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-m dccp`. Packet types by name, in the order of their numbers; `INVALID` stands for every reserved type. */
export interface DccpMatch {
  readonly kind: 'DccpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
  readonly types?: { readonly not: boolean; readonly values: readonly string[] };
  readonly option?: { readonly not: boolean; readonly value: number };
}

const TYPES = ['REQUEST', 'RESPONSE', 'DATA', 'ACK', 'DATAACK', 'CLOSEREQ', 'CLOSE', 'RESET', 'SYNC', 'SYNCACK', 'INVALID'];
const INVALID = TYPES.length - 1;

/** `0,7`, or names in a save form and where a listing shows names. Reserved types 10-15 are one name. */
const TYPE_LIST: Pick<Codec<readonly string[]>, 'expected' | 'decode'> = {
  expected: 'DCCP packet types, joined by ","',
  decode(text) {
    const found = new Set<number>();
    for (const word of text.split(',')) {
      const number = /^\d{1,2}$/.test(word) ? Number(word) : TYPES.indexOf(word);
      if (number < 0 || number > 15) return undefined;
      found.add(Math.min(number, INVALID));
    }
    return TYPES.filter((_, number) => found.has(number));
  },
};

const OPTION = wholeNumber(255);

function build(row: Row, ports: readonly [string, string, string, string]): DccpMatch {
  const [source, destination, types, option] = ports;
  const list = row.condition(types, TYPE_LIST);
  if (/(?:^|,)11(?:,|$)/.test(row.text(types) ?? '')) noteSpelling(row.line, 'dccp-reserved');
  return shown<DccpMatch>({
    kind: 'DccpMatch',
    sourcePorts: row.spread(source, PORTS),
    destinationPorts: row.spread(destination, PORTS),
    types: list === undefined ? undefined : { not: list.not, values: list.value },
    option: row.condition(option, OPTION),
  });
}

interface Signed {
  readonly word: string;
  readonly sign: number;
  readonly value: number;
}

const item =
  (word: string) =>
  (_line: Line, sign: number, value: number): Signed => ({ word, sign, value });

/** The types alone have no word: a sign before them stands behind what precedes them, where that may have one of its own. */
function listed(line: Line, found: readonly Signed[]): DccpMatch {
  let apart = false;
  const items = found.map(({ word, sign, value }): RowItem => {
    const isOwn = sign >= 0 && (word === 'types' || line.span(sign).end === line.span(value).start);
    const not = isOwn || (apart && word === 'types');
    apart = sign >= 0 && !isOwn;
    return { word, not, value, last: value };
  });
  return build(new Row(line, items), ['spt', 'dpt', 'types', 'option']);
}

/** Full ranges print nothing in a listing. */
function printPorts(word: string, ports: PortCondition | undefined): string | undefined {
  if (ports === undefined || (!ports.not && ports.low === 0 && ports.high === 0xffff)) return undefined;
  return `${word}${ports.low === ports.high ? '' : 's'}:${joinedSign(ports)}${PORTS.print(ports)}`;
}

function printTypes(values: readonly string[], names: boolean, reserved: boolean): string {
  if (names) return values.join(',');
  return values.map((name) => (name === 'INVALID' && reserved ? '10,11,12,13,14,15' : TYPES.indexOf(name))).join(',');
}

/** `-m dccp`; from 1.8.7 on the reserved types are listed one by one. */
export const dccpMatch: MatchExtension<DccpMatch> = {
  type: 'match',
  name: 'dccp',
  kind: 'DccpMatch',
  listing: {
    starts: ['dccp'],
    glued: ['spt:|spts:', 'dpt:|dpts:', 'option='],
    grammar(g) {
      g.word('dccp');
      const found = g.repeat(() =>
        g.choose([
          () => {
            const word = g.word('spt:|spts:');
            return node(item('spt'), g.sign(0), word);
          },
          () => {
            const word = g.word('dpt:|dpts:');
            return node(item('dpt'), g.sign(1), word);
          },
          () => {
            const word = g.word('option=');
            return node(item('option'), g.sign(2), word);
          },
          () => {
            const not = g.sign(3);
            return node(item('types'), not, g.bare());
          },
        ]),
      );
      return node(listed, found);
    },
  },
  print: ({ sourcePorts, destinationPorts, types, option }, { names, spells }) =>
    joinShown(
      'dccp',
      printPorts('spt', sourcePorts),
      printPorts('dpt', destinationPorts),
      types && `${sign(types)}${printTypes(types.values, names, spells('dccp-reserved'))}`,
      option && `option=${joinedSign(option)}${option.value}`,
    ),
  save: savedRow(['--sport|--source-port', '--dport|--destination-port', '--dccp-types', '--dccp-option'], (row) =>
    build(row, ['--sport', '--dport', '--dccp-types', '--dccp-option']),
  ),
  printSave: ({ sourcePorts, destinationPorts, types, option }) =>
    joinOptions(
      sourcePorts && `${sign(sourcePorts)}--sport ${PORTS.print(sourcePorts)}`,
      destinationPorts && `${sign(destinationPorts)}--dport ${PORTS.print(destinationPorts)}`,
      types && `${sign(types)}--dccp-types ${types.values.join(',')}`,
      option && `${sign(option)}--dccp-option ${option.value}`,
    ),
  samples: ['dccp spt:!1 dpts:80:90', 'dccp dpt:7 ! 0,7', 'dccp option=!5'],
};
