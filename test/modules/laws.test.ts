import { encode } from '@netdrift/core';
import { parseModules, printModules } from '@netdrift/modules';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';
import { parseByGrammar } from '../../packages/modules/src/parse.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/);
const users = fc.uniqueArray(name, { maxLength: 4 });
const size = fc.nat();
const span = { start: 0, end: 0 };

const loaded = fc.record({ kind: fc.constant('Module' as const), name, size, useCount: fc.nat(), usedBy: users });
const inMemory = fc
  .tuple(loaded, fc.constantFrom('Live', 'Loading', 'Unloading'), fc.option(fc.constantFrom('OE', 'P', 'F'), { nil: undefined }))
  .map(([module, state, taint]) => ({ ...module, state, address: '0xffffffffc0670000', ...(taint === undefined ? {} : { taint }) }));
const filed = fc
  .tuple(name, fc.constantFrom('.ko', '.ko.xz', '.ko.zst', '.ko.gz'), fc.option(name, { nil: undefined }))
  .map(([module, extension, directory]) => ({
    kind: 'Module' as const,
    name: module,
    file: { ...(directory === undefined ? {} : { directory: `kernel/${directory}` }), extension },
  }));

interface Placed {
  readonly span: { readonly start: number; readonly end: number };
}

/** The lines of a text that hold something and lie under no node and no diagnostic; a header of lsmod is part of the layout. */
function unexplained(text: string, placed: readonly Placed[]): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const explained = placed.some(({ span }) => span.start <= end && span.end >= start);
    if (!explained && /[^ \t\r]/.test(line) && !/^\s*Module\s+Size\s+Used\s+by/.test(line)) lines.push(line);
    start = end + 1;
  }
  return lines;
}

describe('laws of modules', () => {
  it.each([
    ['Lsmod', 'lsmod', loaded, { layout: { form: 'kmod', header: true } }],
    ['ProcModules', 'proc-modules', inMemory, {}],
    ['ModulesBuiltin', 'builtin', filed, {}],
    ['ModuleNames', 'names', name.map((module) => ({ kind: 'Module', name: module })), {}],
  ] as const)('a tree of %s, printed and parsed, is the tree', (kind, form, module, layout) => {
    fc.assert(
      fc.property(fc.array(module as fc.Arbitrary<object>, { maxLength: 6 }), (modules) => {
        const value = { kind, ...layout, modules, span } as unknown as Parameters<typeof printModules>[0];
        const again = parseModules(printModules(value), { form });
        expect(again.diagnostics).toEqual([]);
        expect(withoutSpans(again.value)).toEqual(withoutSpans(value));
      }),
    );
  });

  it('no text and no bytes make it throw, and every span lies in the text', () => {
    const fragment = fc.constantFrom(
      'ip_vs',
      ' ',
      '\n',
      '16384',
      '-',
      'Live',
      '0xffffffffc0670000',
      '(OE)',
      'kernel/a/',
      '.ko',
      '.ko.xz',
      'Module Size Used by',
      '[a b]',
      '[permanent]',
      ',',
      '(unused)',
      'modprobe: FATAL: Module ',
      ' not found.',
      'bash: lsmod: command not found',
      '\r',
      '\t',
      '__proto__',
      'é',
      '\udc80',
      '\u0000',
      '1e3',
      '-1',
      '007',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const found = parseModules(text);
          for (const { span: place } of found.diagnostics)
            expect(0 <= place.start && place.start <= place.end && place.end <= text.length).toBe(true);
          expect(() => printModules(found.value)).not.toThrow();
          const { value, diagnostics } = found;
          const nodes = 'modules' in value ? value.modules : 'errors' in value ? value.errors : [value];
          expect(unexplained(text, [...nodes, ...diagnostics])).toEqual([]);
          expect(parseByGrammar(text)).toEqual(found);
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => encode(printModules(parseModules(bytes).value))).not.toThrow();
      }),
    );
  });
});
