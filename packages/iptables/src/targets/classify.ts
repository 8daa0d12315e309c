import type { Codec } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { listedRow, savedRow, type Row } from '../row.ts';

/** `-j CLASSIFY`: the class of the traffic shaper; both parts are 16 bits, and ffff:ffff is its root. */
export interface ClassifyTarget {
  readonly kind: 'ClassifyTarget';
  readonly name: 'CLASSIFY';
  readonly major: number;
  readonly minor: number;
}

type ClassHandle = Pick<ClassifyTarget, 'major' | 'minor'>;

const NONE: ClassHandle = { major: 0, minor: 0 };
const ROOT: ClassHandle = { major: 0xffff, minor: 0xffff };

const HANDLE: Codec<ClassHandle> = {
  expected: 'two hexadecimal numbers with ":" between',
  decode(text) {
    if (text === 'none') return NONE;
    if (text === 'root') return ROOT;
    const [, major, minor] = /^([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})$/.exec(text) ?? [];
    return minor === undefined ? undefined : { major: Number.parseInt(major ?? '', 16), minor: Number.parseInt(minor, 16) };
  },
  print({ major, minor }) {
    if (major === ROOT.major && minor === ROOT.minor) return 'root';
    return major === 0 && minor === 0 ? 'none' : `${major.toString(16)}:${minor.toString(16)}`;
  },
};

const build =
  (word: string) =>
  (row: Row): ClassifyTarget => ({ kind: 'ClassifyTarget', name: 'CLASSIFY', ...(row.read(word, HANDLE) ?? NONE) });

/** `-j CLASSIFY`. */
export const classifyTarget: TargetExtension<ClassifyTarget> = {
  type: 'target',
  name: 'CLASSIFY',
  kind: 'ClassifyTarget',
  listing: listedRow([{ word: 'CLASSIFY set', takes: 1 }], [], build('CLASSIFY set')),
  print: (target) => `CLASSIFY set ${HANDLE.print(target)}`,
  save: savedRow(['--set-class'], build('--set-class')),
  printSave: ({ major, minor }) => ` --set-class ${[major, minor].map((part) => part.toString(16).padStart(4, '0')).join(':')}`,
  samples: ['CLASSIFY set 1:10', 'CLASSIFY set 0:ffff'],
};
