import { displayJson } from '@netdrift/core';
import type { ParsedInput } from './parsed-input.ts';

/** `netdrift parse --format json`: everything that was read, as one document. */
export function asJson(inputs: readonly ParsedInput[]): string {
  const sections = inputs.flatMap(({ name, outputs }) =>
    outputs.map(({ section: { tool, form, command, table, family, host, span }, parsed }) => ({
      source: name,
      tool,
      form,
      command,
      table,
      family,
      host,
      span,
      value: parsed.value,
    })),
  );
  const diagnostics = inputs.flatMap(({ name, diagnostics: found }) => found.map((diagnostic) => ({ source: name, ...diagnostic })));
  return `${displayJson({ schemaVersion: '1.0', sections, diagnostics }, 2)}\n`;
}
