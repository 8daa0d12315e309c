import { parseModules, printModules } from '@netdrift/modules';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseByGrammar } from '../../packages/modules/src/parse.ts';
import { expectGoldenJson } from '../support/golden.ts';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';

const read = (path: string): string => readFileSync(new URL(`../../fixtures/${path}.txt`, import.meta.url), 'utf8');
const outputs = [
  'modules-kmod-30/lsmod',
  'modules-kmod-30/lsmod-grep',
  'modules-kmod-30/proc-modules',
  'modules-kmod-30/proc-modules-cut',
  'modules-kmod-30/modules.builtin-grep',
  'modules-kmod-30/errors',
  'modules-busybox-1.35/lsmod',
  'modules-busybox-1.35/errors',
];

describe('lists of modules, as kmod 30, busybox 1.35 and Linux 6.1 print them', () => {
  it.each(outputs)('%s gives the expected tree and is printed back to the byte', (name) => {
    const text = read(name);
    const { value, diagnostics } = parseModules(text);
    expect(diagnostics).toEqual([]);
    expectGoldenJson(`fixtures/${name}.json`, withoutSpans(value));
    expect(printModules(withoutSpans(value))).toBe(text);
  });

  it.each(outputs)('%s is read alike without remembered shapes, from bytes and with CRLF', (name) => {
    const text = read(name);
    expect(parseByGrammar(text)).toEqual(parseModules(text));
    expect(parseModules(new TextEncoder().encode(text))).toEqual(parseModules(text));
    expect(withoutSpans(parseModules(text.replaceAll('\n', '\r\n')).value)).toEqual(withoutSpans(parseModules(text).value));
  });

  it('show the same modules in lsmod and /proc/modules, with the same users', () => {
    const facts = (name: string): unknown => {
      const { value } = parseModules(read(name));
      if (value.kind !== 'Lsmod' && value.kind !== 'ProcModules') throw new Error(value.kind);
      return value.modules.map(({ name: module, size, useCount, usedBy = [] }) => ({ module, size, useCount, usedBy: [...usedBy].sort() }));
    };
    const loaded = facts('modules-kmod-30/lsmod') as { module: string }[];
    expect(facts('modules-kmod-30/proc-modules')).toEqual(loaded);
  });

  it('stand under spans that give their lines back', () => {
    const text = read('modules-kmod-30/lsmod');
    const { value } = parseModules(text);
    if (value.kind !== 'Lsmod') throw new Error(value.kind);
    expect(value.modules.map(({ span }) => text.slice(span.start, span.end))).toEqual(text.split('\n').slice(1, -1));
  });
});
