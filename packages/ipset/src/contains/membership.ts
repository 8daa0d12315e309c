/** Whether a packet is in a set: `unknown` where a field of the packet or part of the set that decides it is not known. */
export type Membership = 'yes' | 'no' | 'unknown';

/** Yes where both are, no where one is not. */
export function and(one: Membership, other: Membership): Membership {
  if (one === 'no' || other === 'no') return 'no';
  return one === 'yes' && other === 'yes' ? 'yes' : 'unknown';
}

/** A comparison as a membership; `undefined` is a comparison that cannot be made. */
export function decided(holds: boolean | undefined): Membership {
  if (holds === undefined) return 'unknown';
  return holds ? 'yes' : 'no';
}
