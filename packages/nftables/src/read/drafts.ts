import type { Span } from '@netdrift/core';
import type { SetElement } from '../ast/expressions.ts';
import type { ObjectSetting, Rule, TableFamily } from '../ast/ruleset.ts';
import type { SetLine, WrittenPriority } from '../lines/line-nodes.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A chain while its lines are read. */
export interface ChainDraft {
  readonly name: string;
  readonly span: Writable<Span>;
  handle?: number;
  comment?: string;
  hook?: { readonly type: string; readonly hook: string; readonly devices?: readonly string[]; readonly priority: WrittenPriority };
  policy?: 'accept' | 'drop';
  flags?: readonly string[];
  readonly rules: Rule[];
}

/** A set or map while its lines are read. */
export interface SetDraft {
  readonly kind: 'Set' | 'Map';
  readonly name: string;
  readonly span: Writable<Span>;
  handle?: number;
  /** The lines of its head, joined. */
  head: Omit<SetLine, 'kind' | 'elements'>;
  elements: SetElement[] | undefined;
  elementsPerLine?: 1;
}

/** A counter, helper or flowtable while its lines are read. */
export interface ObjectDraft {
  readonly type: string;
  readonly name: string;
  readonly span: Writable<Span>;
  handle?: number;
  comment?: string;
  readonly settings: ObjectSetting[];
}

/** A table while its blocks are read. Blocks are found by name: a second one of the same name goes on with the first. */
export interface TableDraft {
  readonly family: TableFamily;
  readonly name: string;
  readonly span: Writable<Span>;
  handle?: number;
  owner?: string;
  flags?: readonly string[];
  comment?: string;
  /** A warning names it as one of iptables-nft. */
  isNamedInWarning: boolean;
  /** Shown with its content, where `nft list tables` has names alone. */
  hasBlock: boolean;
  /** Where the last block of the table ended. */
  blockEnd?: number;
  readonly chains: Map<string, ChainDraft>;
  readonly sets: Map<string, SetDraft>;
  readonly objects: Map<string, ObjectDraft>;
  readonly flowtables: Map<string, ObjectDraft>;
}

export function newTable(family: TableFamily, name: string, span: Span): TableDraft {
  return {
    family,
    name,
    span: { ...span },
    isNamedInWarning: false,
    hasBlock: false,
    chains: new Map(),
    sets: new Map(),
    objects: new Map(),
    flowtables: new Map(),
  };
}

export function newChain(name: string, span: Span): ChainDraft {
  return { name, span: { ...span }, rules: [] };
}

export function newSet(kind: 'Set' | 'Map', name: string, span: Span): SetDraft {
  return { kind, name, span: { ...span }, head: {}, elements: undefined };
}

export function newObject(type: string, name: string, span: Span): ObjectDraft {
  return { type, name, span: { ...span }, settings: [] };
}

/** What is known of a whole text when its tables are finished. */
export interface Shown {
  /** An empty set was shown as such: some set of the text has elements. */
  readonly elements: boolean;
  readonly rules: boolean;
}
