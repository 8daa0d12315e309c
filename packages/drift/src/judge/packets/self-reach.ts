import type { Detail } from '../../report.ts';
import { listed } from '../words.ts';

/** More endpoints than this are counted, not named. */
const NAMED = 6;

/** `10.244.0.15:80 can no longer reach itself through default/nginx`, as every judge says it. */
export function selfReachText(endpoints: readonly string[], reaches: boolean, through: string): string {
  return `${listed(endpoints, NAMED)} ${reaches ? 'can' : 'can no longer'} reach ${endpoints.length > 1 ? 'themselves' : 'itself'} through ${through}`;
}

/** Packets of an endpoint come by the rules of this node only where it is on this node. */
export function onThisNode(endpoints: readonly string[]): Detail {
  return { label: 'if', text: `${listed(endpoints, NAMED)} ${endpoints.length > 1 ? 'are' : 'is'} on this node` };
}

/** How much it matters. */
export function selfReachFate(reaches: boolean): {
  readonly severity: 'notice' | 'warning';
  readonly effect: 'gained' | 'lost';
  readonly certainty: 'proven';
} {
  return { severity: reaches ? 'notice' : 'warning', effect: reaches ? 'gained' : 'lost', certainty: 'proven' };
}
