import type { TargetExtension } from '../extension.ts';
import { bare, listedRow, savedRow } from '../row.ts';

/** `-j CONNSECMARK`: copies the security mark from the packet to its connection (`save`) or back (`restore`). */
export interface ConnsecmarkTarget {
  readonly kind: 'ConnsecmarkTarget';
  readonly name: 'CONNSECMARK';
  readonly action: 'save' | 'restore';
}

const build = (isSave: boolean): ConnsecmarkTarget => ({
  kind: 'ConnsecmarkTarget',
  name: 'CONNSECMARK',
  action: isSave ? 'save' : 'restore',
});

/** `-j CONNSECMARK`. */
export const connsecmarkTarget: TargetExtension<ConnsecmarkTarget> = {
  type: 'target',
  name: 'CONNSECMARK',
  kind: 'ConnsecmarkTarget',
  listing: listedRow([bare('CONNSECMARK save'), bare('CONNSECMARK restore')], [], (row) => build(row.has('CONNSECMARK save'))),
  print: ({ action }) => `CONNSECMARK ${action}`,
  save: savedRow([bare('--save'), bare('--restore')], (row) => build(row.has('--save'))),
  printSave: ({ action }) => ` --${action}`,
  samples: ['CONNSECMARK save', 'CONNSECMARK restore'],
};
