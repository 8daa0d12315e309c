import type { DesiredPort } from '../../desired/desired-ports.ts';
import type { NodeView } from '../../services/node-facts.ts';
import { expectedPlaces, type Reading } from './expected-places.ts';
import { endpointDifferences } from './findings/endpoint-findings.ts';
import { servedPlaces } from './served-places.ts';

/**
 * The readings of what is not known that the node contradicts at the fewest places: one kube-proxy wrote all of it.
 *
 * Only service ports of which the readings choose other endpoints are looked at.
 */
export function likelyReadings(node: NodeView, asked: NodeView, readings: readonly Reading[], nodeIsOpen: boolean): readonly Reading[] {
  const [first, ...others] = readings;
  if (first === undefined || others.length === 0) return readings;
  const chosen = new Map(first.ports.map((port) => [keyOf(port), endpointsOf(port)]));
  const differing = new Set(
    others.flatMap(({ ports }) => ports.filter((port) => chosen.get(keyOf(port)) !== endpointsOf(port)).map(keyOf)),
  );
  if (differing.size === 0) return readings;
  const served = servedPlaces(node);
  const counted = readings.map((reading) => {
    const ports = reading.ports.filter((port) => differing.has(keyOf(port)));
    const places = expectedPlaces(asked.knowledge, [{ ...reading, ports }], nodeIsOpen);
    return { reading, count: endpointDifferences(node, places, served).length };
  });
  const fewest = Math.min(...counted.map(({ count }) => count));
  return counted.filter(({ count }) => count === fewest).map(({ reading }) => reading);
}

function keyOf({ name, family }: DesiredPort): string {
  return `${family} ${name}`;
}

function endpointsOf({ lists }: DesiredPort): string {
  return [lists.cluster, lists.local].map((list) => list.map(({ text }) => text).join()).join(' ');
}
