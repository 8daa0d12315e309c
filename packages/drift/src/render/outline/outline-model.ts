import type { Certainty, Detail, OutcomeEndpoint, Severity, Side, Verdict } from '../../report.ts';
import type { AnyReport } from '../renderer.ts';

/** What a report comes to, whatever command made it: the form that HTML, SARIF, JUnit and annotations are made from. */
export interface Outline {
  readonly command: AnyReport['command'];
  /** The machine; missing = no text names it, or the report is of several. */
  readonly host?: string;
  /** The latest time that its outputs show. */
  readonly time?: string;
  /** One sentence: what it comes to. */
  readonly headline: string;
  readonly verdict: Verdict;
  /** Why an input cannot be compared. */
  readonly troubles: readonly OutlineTrouble[];
  /** The worst first. */
  readonly entries: readonly Entry[];
  /** What the inputs do not show, where it matters; sentences without their full stops. */
  readonly notes: readonly string[];
}

/** Why one input, or a whole side, cannot be compared. */
export interface OutlineTrouble {
  readonly code: string;
  readonly message: string;
  /** What is needed instead. */
  readonly help?: string;
  readonly place?: Place;
}

/** One change, cause, finding or difference, as it is told. */
export interface Entry {
  /** A permanent id of the catalogue. */
  readonly id: string;
  /** The machine, where the report names it. */
  readonly host?: string;
  readonly severity: Severity;
  readonly certainty?: Certainty;
  /** What it is about, as its reader would name it. */
  readonly subject: string;
  /** Names of all that it tells of, where it tells of several things. */
  readonly subjects: readonly string[];
  /** One sentence without its full stop. */
  readonly text: string;
  readonly details: readonly { readonly label: Detail['label'] | 'note' | 'assumed'; readonly text: string }[];
  readonly places: readonly Place[];
  /** The same in every run for the same thing. */
  readonly fingerprint: string;
  /** True where a stored report holds it already. */
  readonly known: boolean;
  /** Connections that are treated differently. */
  readonly flows: readonly Flow[];
  /** Nodes by what they do, where nodes are compared. */
  readonly groups: readonly { readonly nodes: readonly string[]; readonly does: string }[];
}

/** What an entry has by itself. */
export const BARE = { details: [], places: [], known: false, flows: [], groups: [], subjects: [] } satisfies Partial<Entry>;

/** Lines of one input. */
export interface Place {
  /** Missing where there is one side alone. */
  readonly side?: Side;
  readonly source: string;
  /** First and last line, from 1. */
  readonly lines: readonly [number, number];
}

/** The way of connections from a client through a service address, on each side that there is to compare. */
export interface Flow {
  /** Missing where it is the same for every client. */
  readonly client?: string;
  readonly service: string;
  /** Two sides to compare, or the one that is known. */
  readonly panels: readonly [FlowPanel] | readonly [FlowPanel, FlowPanel];
}

/** One side of a picture. */
export interface FlowPanel {
  readonly when: 'before' | 'after' | 'expected' | 'on this node';
  /** Missing = the service is not there. */
  readonly side?: FlowSide;
}

/** What becomes of connections on one side. */
export interface FlowSide {
  readonly verdict: 'delivered' | 'no endpoint' | 'refused' | 'dropped' | 'passed' | 'unknown';
  readonly endpoints: readonly (Pick<OutcomeEndpoint, 'address' | 'masqueraded'> & { readonly share?: number })[];
  /** Whether the endpoint sees the node in place of the client; missing = not told. */
  readonly masqueraded?: boolean;
}
