import type { MatchExtension, TargetExtension } from './extension.ts';
import { MATCHES } from './matches/table.ts';
import { TARGETS } from './targets/table.ts';

const matchByKind = new Map<string, MatchExtension>(MATCHES.map((match) => [match.kind, match]));
const targetByKind = new Map<string, TargetExtension>(TARGETS.map((target) => [target.kind, target]));

/** The extension whose nodes have this `kind`. */
export function matchOfKind(kind: string): MatchExtension | undefined {
  return matchByKind.get(kind);
}

/** The extension whose nodes have this `kind`. */
export function targetOfKind(kind: string): TargetExtension | undefined {
  return targetByKind.get(kind);
}
