import { decode, instantiate, isMismatch, Line, locatePart, type PartPath, type Span } from '@netdrift/core';
import type { Member } from './ast.ts';
import { grammar } from './grammar.ts';
import { commandOf } from './save-commands.ts';
import { scanAdd, scanMember } from './scan.ts';
import { setTypes } from './set-types.ts';

function build(line: Line): Member | undefined {
  const template = grammar.learn(line);
  const found = isMismatch(template) ? undefined : instantiate(template, line);
  if (found?.kind === 'Add') return found.member;
  return found?.kind === 'Member' ? found : undefined;
}

/**
 * Where in the text that a member was read from a part of it stands. `undefined` where no word says it, where the member lacks
 * the part, or where the text is not the one it was read from. An element is never parted: the port of `tcp:80` has the span of both.
 *
 * @example
 * const source = 'create web hash:ip timeout 600\nadd web 10.0.0.1 timeout 30\n';
 * const [set] = parseIpset(source).value.sets;
 * locateInIpset(source, set.members[0], ['timeout']) // => { start: 56, end: 58 }
 */
export function locateInIpset(source: string | Uint8Array, member: Member, path: PartPath): Span | undefined {
  const { start, end } = member.span;
  const text = decode(source).slice(start, end);
  const wanted = JSON.stringify({ ...member, span: { start: 0, end: text.length } });
  // The type of the set stands elsewhere: the one by which the line gives this member is as good.
  for (const type of [...setTypes, undefined]) {
    for (const asAdd of [false, true]) {
      const line = new Line(text);
      if (asAdd && commandOf(line, 0, text.length) !== 'add') continue;
      if (asAdd)
        scanAdd(line, undefined, { get: (name) => ({ name, ...(type === undefined ? {} : { knownType: type }) }) }, 0, text.length);
      else scanMember(line, type, 0, text.length);
      const found = build(line);
      if (line.settle() !== undefined || JSON.stringify(found) !== wanted) continue;
      const span = locatePart(line, build, path);
      return span === undefined ? undefined : { start: start + span.start, end: start + span.end };
    }
  }
  return undefined;
}
