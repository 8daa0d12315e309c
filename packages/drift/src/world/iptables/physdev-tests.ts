import type { PhysdevMatch } from '@netdrift/iptables';
import type { Test } from '../ir.ts';
import { unknownTest } from './context.ts';

/**
 * `-m physdev`: the port of a bridge a packet came in by. Each condition is a question of its own; usually packets come by no bridge port.
 */
export function physdevTests(match: PhysdevMatch): Test[] {
  const asked = [
    ['--physdev-is-in', match.isIn, undefined],
    ['--physdev-in', match.in, match.in?.name],
    ['--physdev-is-out', match.isOut, undefined],
    ['--physdev-out', match.out, match.out?.name],
    ['--physdev-is-bridged', match.isBridged, undefined],
  ] as const;
  return asked.flatMap(([option, condition, name]) =>
    condition === undefined ? [] : [unknownTest(`-m physdev ${option}${name === undefined ? '' : ` ${name}`}`, condition.not)],
  );
}
