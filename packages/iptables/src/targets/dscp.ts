import { hexNumber } from '../codec.ts';
import { DSCP_CLASS } from '../fields/dscp-class.ts';
import type { TargetExtension } from '../extension.ts';
import { listedRow, savedRow } from '../row.ts';

/** `-j DSCP`: sets the differentiated services field, 0-63. */
export interface DscpTarget {
  readonly kind: 'DscpTarget';
  readonly name: 'DSCP';
  readonly value: number;
}

const VALUE = hexNumber(2, 0x3f);

/** `-j DSCP`; the tools print the number of a class. */
export const dscpTarget: TargetExtension<DscpTarget> = {
  type: 'target',
  name: 'DSCP',
  kind: 'DscpTarget',
  listing: listedRow([{ word: 'DSCP set', takes: 1 }], [], (row) => ({
    kind: 'DscpTarget',
    name: 'DSCP',
    value: row.read('DSCP set', VALUE) ?? 0,
  })),
  print: ({ value }) => `DSCP set ${VALUE.print(value)}`,
  save: savedRow(['--set-dscp', '--set-dscp-class'], (row) => ({
    kind: 'DscpTarget',
    name: 'DSCP',
    value: row.read('--set-dscp', VALUE) ?? row.read('--set-dscp-class', DSCP_CLASS) ?? 0,
  })),
  printSave: ({ value }) => ` --set-dscp ${VALUE.print(value)}`,
  samples: ['DSCP set 0x2e'],
};
