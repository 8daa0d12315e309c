import type { FlowDifference } from './flow-differences.ts';
import type { Story } from './rule-stories.ts';
import { manyServices, servicesText } from './story-subjects.ts';
import { witnessDetails } from './words.ts';

/** Tells of endpoints that get their own packets back from their service: with their own source address they drop them. */
export function hairpinStory(flows: readonly FlowDifference[], on: boolean): Story {
  const [proof] = flows as [FlowDifference];
  const endpoints = [...new Set(flows.map(({ sender }) => sender.endpoint ?? ''))];
  const reach = (many: boolean): string => `${on ? 'can' : 'can no longer'} reach ${many ? 'themselves' : 'itself'}`;
  const text =
    endpoints.length === 1
      ? `${endpoints[0]} ${reach(false)} through ${servicesText(flows)}`
      : `endpoints of ${servicesText(flows)} ${reach(true)} through their service`;
  return {
    id: on ? 'nat.snat.added' : 'nat.snat.removed',
    severity: on ? 'notice' : 'warning',
    effect: 'source-changed',
    certainty: 'proven',
    text: `${text}; connections from an endpoint to itself are ${on ? 'now' : 'no longer'} masqueraded`,
    details: [...witnessDetails(proof, ['nat']), ...manyServices(flows)],
    proof,
  };
}
