import type { SettingAssumption } from '../../desired/known-settings.ts';
import type { Expectation } from './expectation.ts';
import type { ExpectedPlace } from './expected-place.ts';

/**
 * What was assumed of the node and its kube-proxy where another value could have led to another result; one sentence each without its full
 * stop.
 */
export function assumptionsOf(expectation: Expectation | undefined): string[] {
  if (expectation?.known === undefined) return [];
  const { known, places } = expectation;
  return known.assumptions.filter((assumption) => matters(assumption, places)).map(({ text }) => text);
}

function matters({ what }: SettingAssumption, places: readonly ExpectedPlace[]): boolean {
  switch (what) {
    case 'node name':
      return places.some(({ paths, endpoints }) => paths.length === 0 && endpoints !== undefined);
    case 'node addresses':
      return places.some(({ purpose }) => purpose === 'node port');
    case 'mode':
      return true;
    default:
      return places.some(isOpen);
  }
}

/** Whether the readings of what is not known differ about a place. */
function isOpen({ certain, endpoints, allowed, paths }: ExpectedPlace): boolean {
  return (
    !certain ||
    endpoints?.length !== allowed?.length ||
    paths.some((reading) => reading.some(({ verdict }, index) => verdict !== paths[0]?.[index]?.verdict))
  );
}
