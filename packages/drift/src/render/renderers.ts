import { AZURE } from './formats/azure.ts';
import { CSV } from './formats/csv.ts';
import { GITHUB } from './formats/github.ts';
import { GITLAB } from './formats/gitlab.ts';
import { HTML } from './formats/html.ts';
import { JSON_DOCUMENT } from './formats/json.ts';
import { JSON_LINES } from './formats/jsonl.ts';
import { JUNIT } from './formats/junit.ts';
import { LINES } from './formats/lines.ts';
import { MARKDOWN } from './formats/markdown.ts';
import { SARIF } from './formats/sarif.ts';
import { TEXT } from './formats/text.ts';
import type { Renderer } from './renderer.ts';

/** Every format of a report, in the order in which help and documentation list them. */
export const RENDERERS: readonly Renderer[] = [
  TEXT,
  MARKDOWN,
  JSON_DOCUMENT,
  JSON_LINES,
  LINES,
  CSV,
  HTML,
  SARIF,
  JUNIT,
  GITHUB,
  GITLAB,
  AZURE,
];

/**
 * The format that `--format` calls so.
 *
 * @example
 * rendererOf('sarif')?.mediaType // => 'application/sarif+json'
 */
export function rendererOf(name: string): Renderer | undefined {
  return RENDERERS.find((renderer) => renderer.name === name);
}
