import { badJson } from '../diagnostics.ts';
import type { ReadDocuments, ValuePath } from './document.ts';
import { itemLines, type Json } from './json-value.ts';

/**
 * The one document of a JSON text. Lines are known of the objects in its list `items`, or in the list that it is; what is in them counts as
 * standing on their first line.
 */
export function jsonDocument(text: string): ReadDocuments {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return {
      documents: [],
      diagnostics: [badJson(error instanceof Error ? error.message : 'it cannot be parsed', { start: 0, end: text.length })],
    };
  }
  let lines: readonly number[] | undefined;
  const lineAt = (path: ValuePath): number => {
    const index = path.find((step) => typeof step === 'number');
    return typeof index === 'number' ? ((lines ??= itemLines(text))[index] ?? 1) : 1;
  };
  // A text in JSON has its line feeds escaped: all of it stands on one line.
  return { documents: [{ value, lineAt, lineInside: lineAt }], diagnostics: [] };
}
