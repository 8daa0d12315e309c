import { openSpace } from '../../packets/space/sets/open-space.ts';
import type { Space } from '../../packets/space/space.ts';
import type { SideView } from '../side.ts';

/** Both snapshots ready to be compared for all packets, in the worlds that single packets are led through; made when first asked for. */
export function spaceOf(before: SideView, after: SideView): (family: 'ipv4' | 'ipv6') => Space {
  const spaces = new Map<string, Space>();
  return (family) => {
    const space = spaces.get(family) ?? openSpace(before.flowTables(family).tracer.world, after.flowTables(family).tracer.world);
    spaces.set(family, space);
    return space;
  };
}
