import { type Diagnostic, type Line, type Mismatch, quoteInput, type Span } from '@netdrift/core';

/** One kind of diagnostic: what it means, how grave it is, and a text that raises it. */
export interface DiagnosticEntry {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly meaning: string;
  readonly sample: string;
}

/** Every diagnostic of `parseNftables`. Codes are permanent. */
export const nftablesDiagnostics: readonly DiagnosticEntry[] = [
  {
    code: 'nftables/not-nftables',
    severity: 'error',
    meaning: 'no line of the text is one that nft prints or takes: nothing was read',
    sample: 'Chain INPUT (policy ACCEPT)\n',
  },
  {
    code: 'nftables/unreadable-line',
    severity: 'error',
    meaning: 'a line does not belong in its block: it was left out',
    sample: 'table ip t {\n\tset s {\n\t\tcolour blue\n\t}\n}\n',
  },
  {
    code: 'nftables/bad-value',
    severity: 'error',
    meaning: 'a line has a value that it cannot have: of a rule the text is kept, another line was left out',
    sample: 'table ip t {\n\tset s {\n\t\ttype ipv4_addr\n\t\tsize many\n\t}\n}\n',
  },
  {
    code: 'nftables/unknown-statement',
    severity: 'warning',
    meaning: 'a rule has a statement that this version does not know: it is kept as text, and what the rule does is not known',
    sample: 'table ip t {\n\tchain c {\n\t\tshine brightly accept\n\t}\n}\n',
  },
  {
    code: 'nftables/unclosed-brace',
    severity: 'error',
    meaning: 'a brace in a rule or a list of elements is not closed: the text is damaged or cut there',
    sample: 'table ip t {\n\tchain c {\n\t\ttcp dport { 22, 80 accept\n\t}\n}\n',
  },
  {
    code: 'nftables/unclosed-block',
    severity: 'error',
    meaning: 'the text ends inside a block: it is cut, and what follows is missing',
    sample: 'table ip t {\n\tchain c {\n\t\taccept\n',
  },
  {
    code: 'nftables/stray-brace',
    severity: 'error',
    meaning: 'a closing brace has no opening brace: lines before it are missing',
    sample: 'table ip t {\n}\n}\n',
  },
  {
    code: 'nftables/unknown-block',
    severity: 'warning',
    meaning: 'a block of a table is of a kind that this version does not know: it was skipped',
    sample: 'table ip t {\n\tgarden g {\n\t\tflowers 3\n\t}\n}\n',
  },
  {
    code: 'nftables/repeated-block',
    severity: 'warning',
    meaning: 'a chain or set is there twice: the second is added to the first, as nft does',
    sample: 'table ip t {\n\tchain c {\n\t}\n\n\tchain c {\n\t\taccept\n\t}\n}\n',
  },
  {
    code: 'nftables/managed-by-iptables',
    severity: 'info',
    meaning: 'iptables-nft made a table: nft shows only part of its rules; read the listing of iptables instead',
    sample: 'table ip nat {\n\tchain C {\n\t\tmeta l4proto tcp xt match comment counter packets 0 bytes 0\n\t}\n}\n',
  },
  {
    code: 'nftables/command-not-applied',
    severity: 'warning',
    meaning: 'a command of an input file was skipped: the tables are as if it were not there',
    sample: 'add table ip t\nreset counters\n',
  },
  {
    code: 'nftables/variable',
    severity: 'warning',
    meaning: 'a variable takes the place of a value: what it stands for is not looked up',
    sample: 'table ip t {\n\tchain c {\n\t\ttcp dport $ports accept\n\t}\n}\n',
  },
  {
    code: 'nftables/set-aside',
    severity: 'info',
    meaning: 'a comment, or a message of nft, that says nothing about the rules',
    sample: '# saved by hand\ntable ip t {\n}\n',
  },
  {
    code: 'nftables/tool-error',
    severity: 'warning',
    meaning: 'an error message of nft is among tables, which may be incomplete, or beside another message',
    sample: 'Error: No such file or directory\ntable ip t {\n}\n',
  },
  {
    code: 'nftables/no-final-newline',
    severity: 'info',
    meaning: 'the text ends inside a line: its end may be cut',
    sample: 'table ip t {\n}',
  },
  {
    code: 'nftables/bad-json',
    severity: 'error',
    meaning: 'a text that begins like JSON is not JSON, or not that of nft: nothing was read',
    sample: '{"nftables": [{"table": ',
  },
  {
    code: 'nftables/unknown-object',
    severity: 'warning',
    meaning: 'the JSON holds an object that this version does not know, or one whose table is missing: it was skipped',
    sample: '{"nftables": [{"garden": {"family": "ip", "table": "t", "name": "g"}}]}',
  },
];

const SEVERITIES = new Map(nftablesDiagnostics.map(({ code, severity }) => [code, severity]));

function diagnostic(code: string, message: string, span: Span, help?: string): Diagnostic {
  return { code, severity: SEVERITIES.get(code) ?? 'error', message, span, ...(help === undefined ? {} : { help }) };
}

export const notNftables = (span: Span): Diagnostic => diagnostic('nftables/not-nftables', 'no table of nft was found', span);

export function unreadableLine(line: Line, { at }: Mismatch): Diagnostic {
  const text = line.source.slice(line.start, line.end);
  const found = at < line.count ? `, at ${quoteInput(line.text(at))}` : '';
  return diagnostic(
    'nftables/unreadable-line',
    `${quoteInput(text)} is not read here${found}`,
    at < line.count ? line.span(at) : line.lineSpan(),
  );
}

export const unreadableText = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/unreadable-line', `${quoteInput(text)} is not read here`, span);

export const badValue = (text: string, expected: string, span: Span): Diagnostic =>
  diagnostic('nftables/bad-value', `expected ${expected}, found ${quoteInput(text)}`, span);

export const unknownStatement = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/unknown-statement', `${quoteInput(text)} is not known`, span, 'it is kept as text; what the rule does is not known');

export const unclosedBrace = (span: Span): Diagnostic => diagnostic('nftables/unclosed-brace', 'a brace is not closed', span);

export const unclosedBlock = (what: string, span: Span): Diagnostic =>
  diagnostic('nftables/unclosed-block', `the text ends inside ${what}`, span, 'capture the whole output');

export const strayBrace = (span: Span): Diagnostic => diagnostic('nftables/stray-brace', 'a closing brace has no opening brace', span);

export const unknownBlock = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/unknown-block', `the block of ${quoteInput(text)} is not known`, span);

export const repeatedBlock = (what: string, name: string, span: Span): Diagnostic =>
  diagnostic('nftables/repeated-block', `${what} ${quoteInput(name)} is here again`, span);

export const managedByIptables = (family: string, name: string, span: Span): Diagnostic =>
  diagnostic(
    'nftables/managed-by-iptables',
    `iptables-nft made table ${family} ${quoteInput(name)}`,
    span,
    'read the output of iptables-save for it',
  );

export const commandNotApplied = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/command-not-applied', `command ${quoteInput(text)} was not applied`, span);

export const variable = (name: string, span: Span): Diagnostic =>
  diagnostic('nftables/variable', `variable ${quoteInput(name)} is not looked up`, span, 'load the file and list the ruleset');

export const setAside = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/set-aside', `${quoteInput(text)} says nothing about the rules`, span);

export const toolErrorBeside = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/tool-error', `${quoteInput(text)} is an error message of nft`, span);

export const noFinalNewline = (span: Span): Diagnostic =>
  diagnostic('nftables/no-final-newline', 'the text ends without a newline: its last line may be cut', span);

export const badJson = (reason: string, span: Span): Diagnostic => diagnostic('nftables/bad-json', reason, span);

export const unknownObject = (text: string, span: Span): Diagnostic =>
  diagnostic('nftables/unknown-object', `${quoteInput(text)} is not known`, span);
