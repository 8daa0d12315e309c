import type { Diagnostic, Span } from '@netdrift/core';
import type { IpSet, Member, SetOptions, UnknownMember } from './ast.ts';
import { entriesDiffer, missingType } from './diagnostics.ts';
import { findSetType, type SetType } from './set-types.ts';

/** A set while its lines are read. */
export interface SetDraft {
  readonly name: string;
  readonly start: number;
  end: number;
  /** Its first line. */
  readonly firstLine: Span;
  type?: string;
  knownType?: SetType;
  options?: SetOptions;
  revision?: number;
  memory?: number;
  references?: number;
  entries?: number;
  members?: (Member | UnknownMember)[];
  /** Members that a stream has given: they are in {@link members} no more. */
  given?: number;
}

export function newDraft(name: string, firstLine: Span): SetDraft {
  return { name, start: firstLine.start, end: firstLine.end, firstLine };
}

/** Notes the type of a set; its members are read by it from then on. */
export function giveType(draft: SetDraft, type: string): void {
  draft.type = type;
  const known = findSetType(type);
  if (known !== undefined) draft.knownType = known;
}

/** The finished set, its keys in the order in which ipset prints them. */
export function toSet(draft: SetDraft): IpSet {
  const { name, type, revision, options, memory, references, entries, members, start, end } = draft;
  return {
    kind: 'IpSet',
    name,
    ...(type === undefined ? {} : { type }),
    ...(revision === undefined ? {} : { revision }),
    ...(options === undefined ? {} : { options }),
    ...(memory === undefined ? {} : { memory }),
    ...(references === undefined ? {} : { references }),
    ...(entries === undefined ? {} : { entries }),
    ...(members === undefined ? {} : { members }),
    span: { start, end },
  };
}

/** What is odd about a set as a whole. */
export function checkDraft({ name, type, entries, members, given = 0, start, end }: SetDraft): Diagnostic[] {
  const span = { start, end };
  const listed = given + (members?.length ?? 0);
  const untyped = type === undefined && listed > 0;
  const differs = entries !== undefined && members !== undefined && entries !== listed;
  return [...(untyped ? [missingType(name, span)] : []), ...(differs ? [entriesDiffer(name, entries, listed, span)] : [])];
}
