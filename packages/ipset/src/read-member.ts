import { familyOf } from '@netdrift/core';
import type { Member, UnknownMember } from './ast.ts';
import { nameNotAddress, otherFamily, unknownMember } from './diagnostics.ts';
import type { LineResult, Reading } from './read-lines.ts';
import type { SetDraft } from './draft.ts';

/**
 * Adds the member that a line was read as. A line that is none of the set's type is kept as text from `from` to the end
 * of the line.
 */
export function addMember(
  { line, diagnostics }: Reading,
  draft: SetDraft,
  member: Member | undefined,
  result: LineResult,
  from: number,
): void {
  draft.members ??= [];
  if (member === undefined) {
    const [token, expected] =
      'refusal' in result ? [result.refusal.token, result.refusal.expected] : ['mismatch' in result ? result.mismatch.at : 0, undefined];
    diagnostics.push(unknownMember(line, draft.type, token, expected));
    draft.members.push(textMember(line, from));
    return;
  }
  const stranger = ofOtherFamily(draft, member);
  if (stranger !== undefined) {
    diagnostics.push(otherFamily(stranger, draft.options?.family ?? '', member.span));
    draft.members.push(textMember(line, from));
    return;
  }
  for (const element of member.elements) {
    if (element.kind === 'NameElement') diagnostics.push(nameNotAddress(element.name, member.span));
  }
  draft.members.push(member);
}

/** An address that is none of the set's family: the kernel holds no such member. */
function ofOtherFamily({ options }: SetDraft, { elements }: Member): string | undefined {
  if (options?.family === undefined) return undefined;
  const family = options.family === 'inet' ? 'ipv4' : 'ipv6';
  for (const element of elements) {
    if ('address' in element && familyOf(element.address) !== family) return element.address;
    if (element.kind === 'AddressRangeElement' && familyOf(element.first) !== family) return element.first;
    if (element.kind === 'AddressRangeElement' && familyOf(element.last) !== family) return element.last;
  }
  return undefined;
}

function textMember(line: Reading['line'], from: number): UnknownMember {
  return { kind: 'UnknownMember', text: line.source.slice(from, line.end), span: line.spanOf(from, line.end) };
}
