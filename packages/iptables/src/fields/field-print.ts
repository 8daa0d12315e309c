import type { PrintStyle } from '../extension.ts';
import { isGlued, isSigned, type Field } from './field.ts';

/** The text of a row of fields in a listing, a blank between two, none at the ends. */
export function printListing(held: object, fields: readonly Field[], style: PrintStyle, header?: string): string {
  const values = new Map<string, unknown>(Object.entries(held));
  const texts = header === undefined ? [] : [header];
  for (const field of fields) {
    const value = field.holds === 'merge' ? heldBy(field, held) : values.get(field.key);
    if (value === undefined || (field.word === undefined && field.bare !== true) || field.when?.(value as never) === false) continue;
    texts.push(printField(field, value as never, style));
  }
  return texts.join(' ');
}

/** The options of a row of fields in a save form, each with a blank before it. */
export function printOptions(held: object, fields: readonly Field[], style: PrintStyle): string {
  const values = new Map<string, unknown>(Object.entries(held));
  let text = '';
  for (const field of fields) {
    const value = field.holds === 'merge' ? heldBy(field, held) : values.get(field.key);
    if (value === undefined || field.option === undefined || field.when?.(value as never) === false) continue;
    text += printOption(field, value as never, style);
  }
  return text;
}

function printField(field: Field, held: never, style: PrintStyle): string {
  if (field.print !== undefined) return field.print(held, style);
  const word = field.word ?? '';
  const not = isNegated(field, held);
  const value = field.value === undefined ? '' : field.value.print(heldValue(field, held));
  if (field.withWord === true) return `${not ? '! ' : ''}${value}`;
  const space = field.value === undefined || isGlued(field) ? '' : ' ';
  if (field.bare === true) return `${not ? (field.not === 'joined' ? '!' : '! ') : ''}${value}`;
  const before = not && field.not === 'before' ? '! ' : not && field.not === 'tight' ? '!' : '';
  const after = not && field.not === 'after' ? ' !' : field.wide === true ? ' ' : '';
  const joined = not && field.not === 'joined' ? '!' : '';
  return `${before}${word}${after}${space}${joined}${value}`;
}

function printOption(field: Field, held: never, style: PrintStyle): string {
  if (field.printSave !== undefined) return field.printSave(held, style);
  const option = (field.option ?? '').split('|')[0] ?? '';
  const codec = field.saved ?? field.value;
  const value = codec === undefined ? '' : ` ${codec.print(heldValue(field, held))}`;
  return `${isNegated(field, held) ? ' !' : ''} ${option}${value}`;
}

/** A merged field is there when the node has its key. */
function heldBy(field: Field, held: object): unknown {
  return field.key in held ? held : undefined;
}

function isNegated(field: Field, held: { readonly not?: boolean }): boolean {
  return isSigned(field) && held.not === true;
}

function heldValue(field: Field, held: never): never {
  return field.holds === 'condition' ? (held as { readonly value: never }).value : held;
}
