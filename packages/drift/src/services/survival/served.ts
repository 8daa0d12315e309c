import type { ProxyMode } from '../../proxy/facts/fact.ts';
import type { NodeKnowledge } from '../../read/kinds/knowledge.ts';
import type { ServiceFrontend, ServicePath, ServiceTable, SourceKind } from '../../proxy/service-table.ts';
import type { Model } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import type { Condition } from '../../packets/traveller.ts';

/** An endpoint whose connections to its own service get back to it, with its own source address on one side alone. */
export interface Hairpin {
  readonly endpoint: string;
  readonly before: boolean;
  readonly after: boolean;
}

/** One address and port of a service, with its frontend on each side that has it. */
export interface ServiceAddress {
  service: string;
  named: boolean;
  readonly purpose: ServiceFrontend['purpose'];
  /** `tcp 10.96.0.10:53` */
  readonly place: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  before?: ServiceFrontend;
  after?: ServiceFrontend;
}

/** One side of a comparison. */
export interface ServedSide {
  readonly model: Model;
  readonly knowledge: NodeKnowledge;
  /** The mode in which its service proxy runs, as far as known. */
  readonly mode: ProxyMode | undefined;
}

/**
 * What becomes of a connection from one kind of source to one place, and where the rule, element or virtual service that says so was read.
 */
export interface ServedSender {
  readonly from: SourceKind;
  readonly before: ServicePath;
  readonly after: ServicePath;
  readonly seenBefore?: Origin;
  readonly seenAfter?: Origin;
  /** What no listing decides, and what was taken of it, of both sides. */
  readonly conditions: readonly Condition[];
}

/** One address and port of a service, and what becomes of a connection from each kind of source before and after. */
export interface ServedPlace extends Pick<ServiceAddress, 'service' | 'named' | 'purpose' | 'place' | 'protocol' | 'address' | 'port'> {
  readonly before?: ServiceFrontend;
  readonly after?: ServiceFrontend;
  readonly senders: readonly ServedSender[];
  /** Endpoints that get to themselves and whose source address one side alone replaces. */
  readonly hairpins: readonly Hairpin[];
}

/** What of the services survived. */
export interface Survival {
  readonly places: readonly ServedPlace[];
  readonly tables: { readonly before: ServiceTable; readonly after: ServiceTable };
}
