import type { Diagnostic, SectionTool } from '@netdrift/core';
import type { IpsetList, IpsetSave } from '@netdrift/ipset';
import type { IptablesListing, IptablesSave } from '@netdrift/iptables';
import type { IpvsadmConnections, IpvsadmDaemons, IpvsadmListing, IpvsadmSave, IpvsadmTimeouts, IpvsStatistics } from '@netdrift/ipvsadm';
import type { NftablesRuleset } from '@netdrift/nftables';
import type { Lsmod, ModuleNames, ModulesBuiltin, ProcModules } from '@netdrift/modules';
import type { ReaderValue } from './readers/reader.ts';
import type { PartCompleteness } from './section-completeness.ts';

/** One input of a snapshot: a name to show, and its text or bytes. */
export interface SnapshotFile {
  /** The name that messages and evidence show: a path, or a file's name inside a folder. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /**
   * What it is, where its giver knows: a table (`nat`, `filter`, `mangle`, `raw`, `security`), or `ipvsadm`, `iptables`, `ipset`,
   * `nft`, `modules`, `services`, `endpoints`. Without it, name, command line and content tell.
   */
  readonly as?: string;
  /** The command that printed it, where its giver knows. */
  readonly command?: string;
  /**
   * The machine, the time and the moment, where its place in a folder or an archive tells: {@link pathFacts}. What the text itself names
   * comes first.
   */
  readonly host?: string;
  readonly time?: string;
  readonly moment?: KnownMoment;
  /** How its command ended, where that is known: a tool that printed nothing and ended with 0 had nothing to list. */
  readonly exitStatus?: number;
}

/** One of several moments in their order, by the text or the folder that holds them all. */
export interface KnownMoment {
  readonly of: string;
  readonly place: number;
}

/** What a part holds. */
export type PartContent =
  | { readonly kind: 'ipvs'; readonly value: IpvsadmListing | IpvsadmSave }
  /** What IPVS holds beside its table. */
  | { readonly kind: 'ipvs-state'; readonly value: IpvsadmConnections | IpvsadmTimeouts | IpvsadmDaemons | IpvsStatistics }
  | {
      readonly kind: 'rules';
      readonly value: IptablesListing | IptablesSave;
      readonly family: 'ipv4' | 'ipv6';
      readonly tableNames: readonly string[];
      readonly chain?: string;
    }
  | { readonly kind: 'sets'; readonly value: IpsetList | IpsetSave }
  | { readonly kind: 'nft'; readonly value: NftablesRuleset }
  | { readonly kind: 'modules'; readonly value: ModulesBuiltin | Lsmod | ProcModules | ModuleNames }
  | { readonly kind: 'reader'; readonly value: ReaderValue }
  | { readonly kind: 'tool-error'; readonly error: string; readonly tool?: string }
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'unknown' };

/** One listing of a snapshot: a file, or a section of a pasted transcript. */
export interface Part {
  /** Its place in `snapshot.parts`. */
  readonly index: number;
  readonly source: string;
  /** What it is in a few words, as `ipvsadm` or `iptables nat`. */
  readonly title: string;
  readonly content: PartContent;
  /** The command that printed it, as a transcript or the giver of the file tells. */
  readonly command?: string;
  /** The tool whose output it is; missing where no title or command tells. */
  readonly tool?: SectionTool;
  /** The machine that a transcript names for it. */
  readonly host?: string;
  /** When it was made, as `2016-11-17T10:03:18` of that place. */
  readonly time?: string;
  /** The stretch of its source, between lines that belong to no output, in which it stands, from 0. */
  readonly block?: number;
  /** The moment that it is of, where its place tells: a side of a diff, a folder beside others that hold the same files. */
  readonly moment?: KnownMoment;
  readonly completeness: PartCompleteness;
  /** Where the text that was parsed ends, if its last row may be cut: the text is partial and ends without a line feed. */
  readonly lastRow?: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Number of the line of the source, from 1, at an offset of the text that was parsed. */
  readonly lineAt: (offset: number) => number;
}

/** Why something given cannot be compared. */
export interface SnapshotTrouble {
  /**
   * `snapshot/empty`, `snapshot/no-program`, `snapshot/tool-error`, `snapshot/not-a-listing`, `snapshot/binary`, `snapshot/wrong-kind`,
   * `snapshot/unreadable`, `snapshot/nothing-known`, `snapshot/diff`, `snapshot/nothing-twice`, `snapshot/several-hosts`,
   * `snapshot/unrelated`.
   */
  readonly code: string;
  /** Missing = the snapshot as a whole. */
  readonly source?: string;
  readonly message: string;
  /** What is needed instead. */
  readonly help?: string;
}

/** Outputs that a snapshot leaves out because its host showed them before its last moment. */
export interface EarlierMoments {
  /** How many moments they are of. */
  readonly moments: number;
  /** In their order; `index` is a place in everything that was given. */
  readonly parts: readonly Part[];
}

/** What one host showed at one moment. */
export interface Snapshot {
  /** The machine; missing = no text names it. */
  readonly host?: string;
  /** The latest time that its outputs show, as `2016-11-17T10:03:18` of that place; missing = they show none. */
  readonly time?: string;
  /** What stands before it and is no part of it; missing = nothing does. */
  readonly earlier?: EarlierMoments;
  readonly parts: readonly Part[];
  readonly troubles: readonly SnapshotTrouble[];
}
