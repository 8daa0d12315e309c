import { wholeNumber, WORD } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, savedRow, shown, type Row } from '../row.ts';

/** `-j IDLETIMER`: tells when an interface was idle for `timeout` seconds. */
export interface IdletimerTarget {
  readonly kind: 'IdletimerTarget';
  readonly name: 'IDLETIMER';
  readonly timeout: number;
  readonly label: string;
  readonly alarm?: true;
}

const SECONDS = wholeNumber(0xffffffff);

const build =
  (timeout: string, label: string, alarm: string) =>
  (row: Row): IdletimerTarget =>
    shown<IdletimerTarget>({
      kind: 'IdletimerTarget',
      name: 'IDLETIMER',
      timeout: row.read(timeout, SECONDS) ?? 0,
      label: row.read(label, WORD) ?? '',
      alarm: row.flag(alarm),
    });

/** `-j IDLETIMER`. */
export const idletimerTarget: TargetExtension<IdletimerTarget> = {
  type: 'target',
  name: 'IDLETIMER',
  kind: 'IdletimerTarget',
  listing: listedRow(
    [{ word: 'timeout:', glued: true }],
    [{ word: 'label:', glued: true }, bare('alarm')],
    build('timeout:', 'label:', 'alarm'),
  ),
  print: ({ timeout, label, alarm }) => joinShown(`timeout:${timeout}`, `label:${label}`, alarm && 'alarm'),
  save: savedRow(['--timeout', '--label', bare('--alarm')], build('--timeout', '--label', '--alarm')),
  printSave: ({ timeout, label, alarm }) => joinOptions(`--timeout ${timeout}`, `--label ${label}`, alarm && '--alarm'),
  samples: ['timeout:42 label:wan', 'timeout:42 label:wan alarm'],
};
