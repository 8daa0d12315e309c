import { displayMarkdown, displayMarkdownCode } from '@netdrift/core';

interface Told {
  readonly source?: string;
  readonly message: string;
  readonly help?: string;
}

/** Why inputs cannot be compared, as a list; `where` says of which side or node. */
export function markdownTroubles<Trouble extends Told>(troubles: readonly Trouble[], where?: (trouble: Trouble) => string): string[] {
  if (troubles.length === 0) return [];
  const items = troubles.map((trouble) => {
    const { source, message, help } = trouble;
    const places = [
      ...(where === undefined ? [] : [displayMarkdown(where(trouble))]),
      ...(source === undefined ? [] : [displayMarkdownCode(source)]),
    ];
    const place = places.length === 0 ? '' : `${places.join(' ')}: `;
    return `- ⚠️ ${place}${displayMarkdown(message)}${help === undefined ? '' : `; ${displayMarkdown(help)}`}`;
  });
  return ['', ...items];
}
