import type { FlowDifference } from '../packets/flow-differences.ts';
import { sendersText } from '../words.ts';

/** `connections from outside and from this node itself are no longer masqueraded`; each direction of change is told apart. */
export function masqueradeText(flows: readonly FlowDifference[]): string {
  const on = flows.filter((flow) => flow.after.masqueraded === true);
  const off = flows.filter((flow) => flow.after.masqueraded === false);
  const texts = [
    ...(on.length === 0 ? [] : [`connections from ${sendersText(on)} are now masqueraded: the endpoint sees the address of the node`]),
    ...(off.length === 0
      ? []
      : [`connections from ${sendersText(off)} are no longer masqueraded: the endpoint sees the address of the client`]),
  ];
  return texts.join('; ');
}
