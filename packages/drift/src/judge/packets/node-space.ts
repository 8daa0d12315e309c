import { openSpace } from '../../packets/space/sets/open-space.ts';
import type { Space } from '../../packets/space/space.ts';
import { forFamily, type SideView } from '../side.ts';

/** Both snapshots ready to be compared for all packets, in the worlds that single packets are led through; made when first asked for. */
export function spaceOf(before: SideView, after: SideView): (family: 'ipv4' | 'ipv6') => Space {
  return forFamily((family) => openSpace(before.flowTables(family).tracer.world, after.flowTables(family).tracer.world));
}
