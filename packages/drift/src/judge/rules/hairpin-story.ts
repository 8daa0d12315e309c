import type { FlowDifference } from '../packets/flow-differences.ts';
import { onThisNode, selfReachFate, selfReachText } from '../packets/self-reach.ts';
import { witnessDetails } from '../words.ts';
import type { Story } from './rule-story.ts';
import { manyServices, servicesText } from './story-subjects.ts';

/** Tells of endpoints that get their own packets back from their service: with their own source address they drop them. */
export function hairpinStory(flows: readonly FlowDifference[], on: boolean): Story {
  const [proof] = flows as [FlowDifference];
  const endpoints = [...new Set(flows.map(({ sender }) => sender.endpoint ?? ''))].sort();
  const text =
    endpoints.length === 1
      ? selfReachText(endpoints, on, servicesText(flows))
      : `${selfReachText(endpoints, on, 'their service')} (${servicesText(flows)})`;
  return {
    id: on ? 'nat.snat.added' : 'nat.snat.removed',
    ...selfReachFate(on),
    text: `${text}; connections from an endpoint to itself are ${on ? 'now' : 'no longer'} masqueraded`,
    details: [...witnessDetails(proof, ['nat']), ...manyServices(flows), onThisNode(endpoints)],
    proof,
  };
}
