import type { Outcome, Report } from '@netdrift/drift';
import type { Fates, RefereePacket } from './referee.ts';

export interface Told extends Pick<Outcome, 'verdict' | 'endpoints' | 'rest' | 'masqueraded'> {
  /** Only what gets to this endpoint is said. */
  readonly only?: string;
}

/** What is said of a packet in the words of the referee: without the source address where that is not said. */
function fatesIn({ verdict, endpoints, rest = [], masqueraded }: Told): Fates {
  const word = (replaced: boolean | undefined): string => (replaced === true ? ' masqueraded' : '');
  const fates: Fates = new Map(
    endpoints.map(({ address, share, masqueraded: own }) => [`to ${address}${word(own ?? masqueraded)}`, share]),
  );
  const others = rest.reduce((sum, { share }) => sum + share, 0);
  if (verdict !== 'delivered') fates.set(`${verdict}${verdict === 'passed' ? word(masqueraded) : ''}`, 1 - others);
  for (const { verdict: other, share } of rest) fates.set(other, share);
  return fates;
}

/** Fates as far as they are said. */
function asFarAsSaid(fates: Fates, { masqueraded, rest = [], only }: Told): Fates {
  const said: Fates = new Map();
  for (const [fate, share] of fates) {
    if (only !== undefined && fate.split(' ')[1] !== only) continue;
    const silent = masqueraded === undefined || (fate.startsWith('passed') && rest.some(({ verdict }) => verdict === 'passed'));
    const name = silent ? fate.replace(' masqueraded', '') : fate;
    said.set(name, (said.get(name) ?? 0) + share);
  }
  return said;
}

/** Fates in one order. */
export function fatesText(fates: Fates): string {
  return [...fates]
    .map(([fate, share]) => `${fate} ${share.toFixed(4)}`)
    .sort()
    .join(', ');
}

/** What is said of a packet and what the referee comes to, where these differ. */
export function falsehood(told: Told, fates: Fates): { readonly said: string; readonly byHand: string } | undefined {
  const said = fatesText(fatesIn(told));
  const byHand = fatesText(asFarAsSaid(fates, told));
  return said === byHand ? undefined : { said, byHand };
}

/** A packet that a report shows as proof, and what it says becomes of it. */
export interface Proof {
  readonly packet: RefereePacket;
  readonly hook: 'PREROUTING' | 'OUTPUT';
  /** Conditions that the listings do not decide and that are taken to hold. */
  readonly holding: ReadonlySet<string>;
  readonly before: Told;
  readonly after: Told;
}

/** The packets that a report shows as proof. `node` stands for the node where its address is not known. */
export function witnessesOf({ changes }: Report, node: string): Proof[] {
  return changes.flatMap(({ witness }) => {
    if (witness === undefined) return [];
    const { protocol, source, destination, destinationPort, hook } = witness.packet;
    const place = (name: string): string => (name === 'this node' ? node : name);
    const packet = { protocol, source: place(source), destination: place(destination), port: destinationPort ?? 0 };
    const holding = new Set((witness.suppositions ?? []).filter(({ holds }) => holds).map(({ condition }) => condition));
    const told = (outcome: Outcome): Told =>
      witness.packet.from === 'endpoint' ? { ...outcome, only: outcome.endpoints[0]?.address ?? '' } : outcome;
    return [{ packet, hook: hook as Proof['hook'], holding, before: told(witness.before), after: told(witness.after) }];
  });
}
