import type { Line } from '@netdrift/core';
import { moduleExtension } from './module-name.ts';
import type { ModulesForm } from './modules-form.ts';
import { isModuleName } from './values.ts';
import { scanWords } from './scan.ts';

/** The header line of lsmod; busybox and modutils say behind it how the kernel is tainted. */
export function isLsmodHeader(line: Line): boolean {
  return line.text(0) === 'Module' && line.text(1) === 'Size' && line.text(2) === 'Used' && line.text(3) === 'by';
}

const DIGITS = /^[0-9]+$/;
const COUNT = /^(?:-?[0-9]+|-)$/;
const STATE = /^(?:Live|Loading|Unloading)$/;

/** The form that one line shows, or `undefined` where the line is of none. */
export function formOfLine(line: Line, start: number, end: number): ModulesForm | undefined {
  scanWords(line, start, end);
  if (isLsmodHeader(line)) return 'lsmod';
  const first = line.text(0);
  if (line.count === 1) {
    if (moduleExtension(first) !== undefined) return 'builtin';
    return isModuleName(first) ? 'names' : undefined;
  }
  if (line.count < 3 || !DIGITS.test(line.text(1)) || !COUNT.test(line.text(2))) return undefined;
  return line.count >= 5 && STATE.test(line.text(4)) ? 'proc-modules' : 'lsmod';
}
