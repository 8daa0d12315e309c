import { type Diagnostic, type Line, MAX_TOKENS, type Mismatch, quoteInput } from '@netdrift/core';

/** One kind of diagnostic: what it means, how grave it is, and a text that raises it. */
export interface DiagnosticEntry {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly meaning: string;
  readonly sample: string;
}

const LISTED =
  'Name: web\nType: hash:ip\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 216\nReferences: 0\n';

/** Every diagnostic of `parseIpset`. Codes are permanent. */
export const ipsetDiagnostics: readonly DiagnosticEntry[] = [
  {
    code: 'ipset/not-ipset',
    severity: 'error',
    meaning: 'no line of the text is one that ipset prints: nothing was read',
    sample: 'Chain INPUT (policy ACCEPT)\n',
  },
  {
    code: 'ipset/unreadable-line',
    severity: 'error',
    meaning: 'a line is neither part of a set nor a command: it was left out',
    sample: `${LISTED}here it ends\nMembers:\n`,
  },
  {
    code: 'ipset/no-set-name',
    severity: 'error',
    meaning: 'lines belong to a set whose `Name:` line is missing: they were left out',
    sample: 'Type: hash:ip\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\nMembers:\n10.0.0.1\n',
  },
  {
    code: 'ipset/bad-value',
    severity: 'error',
    meaning: 'a line of a set has a value that it cannot have: it was left out',
    sample: 'Name: web\nType: hash:ip\nRevision: five\nMembers:\n',
  },
  {
    code: 'ipset/unknown-member',
    severity: 'warning',
    meaning: "a member is not one of its set's type: it is kept as text",
    sample: `${LISTED}Members:\n10.0.0.1,tcp:80\n`,
  },
  {
    code: 'ipset/unknown-type',
    severity: 'warning',
    meaning: 'a type of set that this version does not know: its members are read by what they look like',
    sample: 'Name: web\nType: hash:ip,colour\nHeader: hashsize 1024\nMembers:\n',
  },
  {
    code: 'ipset/missing-type',
    severity: 'warning',
    meaning: 'members are listed for a set whose type is not shown: they are read by what they look like',
    sample: 'add web 10.0.0.1\n',
  },
  {
    code: 'ipset/unknown-option',
    severity: 'warning',
    meaning: 'a set has an option that this version does not know: it is kept as text',
    sample: 'create web hash:ip family inet colour blue\n',
  },
  {
    code: 'ipset/name-not-address',
    severity: 'info',
    meaning: 'a member is shown by host or service name: what it stands for is not known',
    sample: 'create web hash:ip family inet\nadd web www.example.org\n',
  },
  {
    code: 'ipset/entries-differ',
    severity: 'warning',
    meaning: 'a set says that it has another number of members than are listed: the text may be cut',
    sample: `${LISTED}Number of entries: 2\nMembers:\n10.0.0.1\n`,
  },
  {
    code: 'ipset/duplicate-set',
    severity: 'warning',
    meaning: 'one name stands for two sets: two outputs were joined, or a save is wrong',
    sample: 'create web hash:ip\ncreate web hash:net\n',
  },
  {
    code: 'ipset/late-create',
    severity: 'warning',
    meaning: 'a set is created after its members: they are read by what they look like, and `ipset restore` refuses them',
    sample: 'add web 10.0.0.1\ncreate web hash:ip\n',
  },
  {
    code: 'ipset/command-not-applied',
    severity: 'warning',
    meaning: 'a command for `ipset restore` that changes sets was skipped: the sets are as if it were not there',
    sample: 'create web hash:ip\nflush web\n',
  },
  {
    code: 'ipset/set-aside',
    severity: 'info',
    meaning: 'a comment, or a command that changes nothing',
    sample: 'create web hash:ip\nCOMMIT\n',
  },
  {
    code: 'ipset/tool-error',
    severity: 'warning',
    meaning: 'an error message of ipset is among sets, which may be incomplete, or beside another message',
    sample: 'ipset v7.17: Kernel error received: Operation not permitted\ncreate web hash:ip\n',
  },
  {
    code: 'ipset/no-final-newline',
    severity: 'info',
    meaning: 'the text ends inside a line: the last member may be cut',
    sample: 'create web hash:ip\nadd web 10.0.0.1',
  },
];

const SEVERITIES = new Map(ipsetDiagnostics.map(({ code, severity }) => [code, severity]));

function diagnostic(code: string, message: string, span: Diagnostic['span'], help?: string): Diagnostic {
  return { code, severity: SEVERITIES.get(code) ?? 'error', message, span, ...(help === undefined ? {} : { help }) };
}

type Span = Diagnostic['span'];

export const notIpset = (span: Span): Diagnostic =>
  diagnostic(
    'ipset/not-ipset',
    'no line is one that ipset list or ipset save prints',
    span,
    'give the output of ipset list or ipset save, without -o xml or -o json',
  );

export const noSetName = (span: Span): Diagnostic =>
  diagnostic('ipset/no-set-name', 'lines of a set are here without its "Name:" line', span, 'give the listing with its "Name:" lines');

export const unreadableText = (text: string, span: Span): Diagnostic =>
  diagnostic('ipset/unreadable-line', `${quoteInput(text)} is not a line of ipset`, span);

/** A line that leaves the grammar. */
export function unreadableLine(line: Line, { at }: Mismatch): Diagnostic {
  if (line.overflow) return diagnostic('ipset/unreadable-line', `the line has more than ${MAX_TOKENS} words`, line.lineSpan());
  if (at >= line.count) return diagnostic('ipset/unreadable-line', 'the line ends too early', { start: line.end, end: line.end });
  return diagnostic('ipset/unreadable-line', `${quoteInput(line.text(at))} does not belong here`, line.span(at));
}

/** A value that its place cannot hold. */
export const badValue = (line: Line, token: number, expected: string): Diagnostic =>
  diagnostic('ipset/bad-value', `expected ${expected}, found ${quoteInput(line.text(token))}`, line.span(token));

/** A member that leaves the grammar of its set's type, or holds an impossible value. */
export function unknownMember(line: Line, type: string | undefined, token: number, expected: string | undefined): Diagnostic {
  const missing = token >= line.count;
  const where = missing ? { start: line.end, end: line.end } : line.span(token);
  const found = line.overflow ? `has more than ${MAX_TOKENS} words` : missing ? 'ends too early' : `holds ${quoteInput(line.text(token))}`;
  const message =
    expected === undefined
      ? `a member of type ${type ?? 'unknown'} ${found}`
      : `expected ${expected}, found ${quoteInput(line.text(token))}`;
  return diagnostic('ipset/unknown-member', message, where);
}

/** A member of the other family than its set's. */
export const otherFamily = (address: string, family: string, span: Span): Diagnostic =>
  diagnostic('ipset/unknown-member', `address ${quoteInput(address)} is not of the set's family ${family}`, span);

export const unknownType = (type: string, span: Span): Diagnostic =>
  diagnostic('ipset/unknown-type', `type ${quoteInput(type)} is not known`, span);

export const missingType = (name: string, span: Span): Diagnostic =>
  diagnostic('ipset/missing-type', `the type of set ${quoteInput(name)} is not shown`, span);

export const unknownOption = (text: string, span: Span): Diagnostic =>
  diagnostic('ipset/unknown-option', `option ${quoteInput(text)} is not known`, span);

export const nameNotAddress = (name: string, span: Span): Diagnostic =>
  diagnostic('ipset/name-not-address', `${quoteInput(name)} is a name, not a number`, span, 'list without -r');

export const entriesDiffer = (name: string, said: number, listed: number, span: Span): Diagnostic =>
  diagnostic('ipset/entries-differ', `set ${quoteInput(name)} says it has ${said} entries and ${listed} are listed`, span);

export const duplicateSet = (name: string, span: Span): Diagnostic =>
  diagnostic('ipset/duplicate-set', `set ${quoteInput(name)} is here again`, span);

export const lateCreate = (name: string, span: Span): Diagnostic =>
  diagnostic('ipset/late-create', `set ${quoteInput(name)} is created after its members`, span, 'move the line before the members');

export const commandNotApplied = (command: string, span: Span): Diagnostic =>
  diagnostic('ipset/command-not-applied', `command ${quoteInput(command)} was not applied to the sets`, span);

export const setAside = (text: string, span: Span): Diagnostic =>
  diagnostic('ipset/set-aside', `${quoteInput(text)} says nothing about a set`, span);

export const toolErrorBeside = (text: string, span: Span): Diagnostic =>
  diagnostic('ipset/tool-error', `${quoteInput(text)} is an error message of ipset`, span);

export const noFinalNewline = (span: Span): Diagnostic =>
  diagnostic('ipset/no-final-newline', 'the text ends without a newline: its last line may be cut', span);
