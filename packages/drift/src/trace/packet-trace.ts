import type { Outcome } from '../packets/outcome.ts';
import type { Trace } from '../packets/traced.ts';
import type { Hop } from '../packets/traveller.ts';
import { addressOf } from '../world/values.ts';
import type { World } from '../world/world.ts';
import { assumptionTexts, conditionText } from './assumption-words.ts';

/** One step of a packet: a rule it matched, a chain's policy (rule 0), or the virtual service that took it. */
export type TraceStep =
  | { readonly hook: string; readonly table: string; readonly chain: string; readonly rule: number }
  | { readonly hook: string; readonly virtualService: string };

/** What becomes of a part of the new connections. */
export interface TraceOutcome {
  readonly verdict: Outcome['verdict'];
  /** Part of the new connections, 0 to 1. */
  readonly share: number;
  /** Where they are delivered. */
  readonly endpoint?: string;
  /** What decides between endpoints: `turn` (or chance), the `client`, the `destination` asked for. */
  readonly chosenBy?: Outcome['chosenBy'];
  /** How IPVS forwards: `Masq`, `Route`, `Tunnel`. */
  readonly method?: string;
  /** `unknown`: no nat table was given. */
  readonly sourceAddress: Outcome['source'];
  readonly mark: number;
  /** What the sender is told, where it is refused. */
  readonly rejectedWith?: string;
  /** Why it is unknown. */
  readonly reason?: string;
  readonly path: readonly TraceStep[];
}

/** What becomes of one packet. */
export interface PacketTrace {
  readonly packet: {
    readonly protocol: string;
    readonly source: string;
    readonly sourcePort?: number;
    readonly destination: string;
    readonly destinationPort?: number;
    /** Where it meets the first rules. */
    readonly hook: 'PREROUTING' | 'OUTPUT';
    readonly from?: 'pod' | 'node' | 'outside';
    readonly in?: string;
  };
  readonly outcomes: readonly TraceOutcome[];
  /** What no listing shows, and what was taken in its place. */
  readonly assumptions: readonly string[];
  /** What becomes of it where one or more of the conditions that no listing decides are otherwise; only where that makes a difference. */
  readonly otherwise: readonly { readonly if: readonly string[]; readonly outcomes: readonly TraceOutcome[] }[];
}

/** The traces of one packet, the usual one first, as they are told. */
export function packetTrace(
  protocol: string,
  hasPorts: boolean,
  from: PacketTrace['packet']['from'],
  traces: readonly Trace[],
  world: World,
): PacketTrace | undefined {
  const [usual, ...others] = traces;
  if (usual === undefined) return undefined;
  const { source, sourcePort, destination, destinationPort, own, in: device } = usual.packet;
  const told = signature(usual);
  const different = others.filter((trace) => signature(trace) !== told);
  const assumed = new Map(usual.conditions.map((condition) => [condition.identity, condition.holds]));
  return {
    packet: {
      protocol,
      source: addressOf(source),
      ...(hasPorts ? { sourcePort } : {}),
      destination: addressOf(destination),
      ...(hasPorts ? { destinationPort } : {}),
      hook: own ? 'OUTPUT' : 'PREROUTING',
      ...(from === undefined ? {} : { from }),
      ...(device === undefined ? {} : { in: device }),
    },
    outcomes: usual.outcomes.map(outcomeOf),
    assumptions: assumptionTexts(usual, world),
    otherwise: different.map((trace) => ({
      if: trace.conditions
        .filter(
          ({ identity, holds, about }) =>
            (about === 'rule' || about === 'interface') && assumed.get(identity) !== holds && isFlipped(identity, holds, assumed),
        )
        .map(conditionText),
      outcomes: trace.outcomes.map(outcomeOf),
    })),
  };
}

/** A condition that the usual trace does not ask is one of those taken otherwise only where it holds. */
function isFlipped(identity: string, holds: boolean, assumed: ReadonlyMap<string, boolean>): boolean {
  return assumed.has(identity) || holds;
}

function signature({ outcomes }: Trace): string {
  return outcomes
    .map(({ verdict, share, endpoint, source }) => `${verdict} ${share.toPrecision(6)} ${endpoint?.text ?? ''} ${source}`)
    .sort()
    .join('\n');
}

function outcomeOf({ verdict, share, endpoint, chosenBy, method, source, mark, with: told, reason, hops }: Outcome): TraceOutcome {
  return {
    verdict,
    share,
    ...(endpoint === undefined ? {} : { endpoint: endpoint.text }),
    ...(chosenBy === undefined ? {} : { chosenBy }),
    ...(method === undefined ? {} : { method }),
    sourceAddress: source,
    mark,
    ...(told === undefined ? {} : { rejectedWith: told }),
    ...(reason === undefined ? {} : { reason }),
    path: hops.map(stepOf),
  };
}

function stepOf({ hook, rule, service }: Hop): TraceStep {
  const name = hook.toUpperCase();
  if (rule === undefined) return { hook: name, virtualService: service?.key ?? '' };
  return { hook: name, table: rule.table, chain: rule.chain, rule: rule.number };
}
