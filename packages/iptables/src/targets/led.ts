import { node, type Line } from '@netdrift/core';
import type { Codec } from '../codec.ts';
import { decodeWhole } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { readQuoted } from '../rule/quoted.ts';
import { bare, joinOptions, joinShown, savedRow, shown } from '../row.ts';

/** `-j LED`: lights a lamp of the machine. */
export interface LedTarget {
  readonly kind: 'LedTarget';
  readonly name: 'LED';
  readonly trigger: string;
  /** Milliseconds, or until the trigger is gone. */
  readonly delay?: number | 'inf';
  readonly alwaysBlink?: true;
}

/** A save form prints `inf` as -1 (1.8.9). */
const DELAY: Pick<Codec<number | 'inf'>, 'expected' | 'decode'> = {
  expected: 'milliseconds or inf',
  decode: (text) => (text === 'inf' || text === '-1' ? 'inf' : decodeWhole(text.replace(/ms$/, ''), 0x7fffffff)),
};

function listed(line: Line, first: number, more: readonly number[], delay: number, blink: number): LedTarget {
  const text = line.text(first, more.at(-1) ?? first);
  if (!/^".*"$/.test(text)) line.refuse(first, 'a text in quotes');
  return shown<LedTarget>({
    kind: 'LedTarget',
    name: 'LED',
    trigger: text.slice(1, -1).replaceAll(/\\(.)/g, '$1'),
    delay: line.read(delay, DELAY),
    alwaysBlink: blink < 0 ? undefined : true,
  });
}

const quoted = (trigger: string): string => `"${trigger.replaceAll(/["\\]/g, '\\$&')}"`;

/** `-j LED`; extensions/libxt_LED.c, seen from 1.8.9. */
export const ledTarget: TargetExtension<LedTarget> = {
  type: 'target',
  name: 'LED',
  kind: 'LedTarget',
  listing: {
    starts: ['led-trigger-id:'],
    words: ['led-always-blink'],
    glued: ['led-trigger-id:', 'led-delay:'],
    grammar(g) {
      const first = g.word('led-trigger-id:');
      const more = g.repeat(() => g.bare());
      const delay = g.word('led-delay:');
      return node(
        listed,
        first,
        more,
        delay,
        g.maybe(() => g.word('led-always-blink')),
      );
    },
  },
  print: ({ trigger, delay, alwaysBlink }) =>
    joinShown(
      `led-trigger-id:${quoted(trigger)}`,
      `led-delay:${delay === 'inf' ? 'inf' : `${delay ?? 0}ms`}`,
      alwaysBlink && 'led-always-blink',
    ),
  save: savedRow(['--led-trigger-id', '--led-delay', bare('--led-always-blink')], (row) => {
    const trigger = row.item('--led-trigger-id');
    return shown<LedTarget>({
      kind: 'LedTarget',
      name: 'LED',
      trigger: trigger === undefined ? '' : readQuoted(row.line, trigger.value),
      delay: row.read('--led-delay', DELAY) ?? 0,
      alwaysBlink: row.flag('--led-always-blink'),
    });
  }),
  printSave: ({ trigger, delay, alwaysBlink }) =>
    joinOptions(
      `--led-trigger-id ${quoted(trigger)}`,
      delay !== undefined && delay !== 0 && `--led-delay ${delay === 'inf' ? -1 : delay}`,
      alwaysBlink && '--led-always-blink',
    ),
  samples: ['led-trigger-id:"ssh" led-delay:500ms', 'led-trigger-id:"a b" led-delay:inf led-always-blink'],
};
