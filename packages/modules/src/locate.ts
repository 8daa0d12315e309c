import { decode, instantiate, isMismatch, Line, locatePart, type PartPath, type Span } from '@netdrift/core';
import type { Module } from './ast.ts';
import type { ModulesForm } from './modules-form.ts';
import { grammar } from './grammar.ts';
import { scanLine } from './scan.ts';

const forms: readonly ModulesForm[] = ['proc-modules', 'lsmod', 'builtin', 'names'];

function build(line: Line): Module | undefined {
  const template = grammar.learn(line);
  return isMismatch(template) ? undefined : instantiate(template, line);
}

/**
 * Where in the text that a module was read from a part of it stands. `undefined` where no word says it, where the module lacks
 * the part, or where the text is not the one it was read from. A word is never parted: the name in a path has the path's span.
 *
 * @example
 * const source = 'ip_vs 188416 25\n';
 * const { value } = parseModules(source);
 * locateInModules(source, value.modules[0], ['useCount']) // => { start: 13, end: 15 }
 */
export function locateInModules(source: string | Uint8Array, module: Module, path: PartPath): Span | undefined {
  const { start, end } = module.span;
  const text = decode(source).slice(start, end);
  const wanted = JSON.stringify({ ...module, span: { start: 0, end: text.length } });
  for (const form of forms) {
    const line = new Line(text);
    scanLine(line, form, 0, text.length);
    const found = build(line);
    if (line.settle() !== undefined || JSON.stringify(found) !== wanted) continue;
    const span = locatePart(line, build, path);
    return span === undefined ? undefined : { start: start + span.start, end: start + span.end };
  }
  return undefined;
}
