import type { Diagnostic, Severity, Span } from '@netdrift/core';

/** What a diagnostic code means, and a small input that raises it. */
export interface DiagnosticEntry {
  readonly severity: Severity;
  readonly meaning: string;
  /** Which function raises it. */
  readonly by: 'parse' | 'save';
  readonly sample: string;
}

const header = 'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n';
const any = '0.0.0.0/0            0.0.0.0/0           ';

/** Every code that this package raises. Codes are permanent. */
export const iptablesDiagnostics = {
  'iptables/empty-text': {
    severity: 'info',
    meaning: 'The text is empty: the tools print even an empty table with its chains, so this is not a listing.',
    by: 'parse',
    sample: '\n',
  },
  'iptables/unread-line': {
    severity: 'error',
    meaning: 'A line is neither a header, nor a rule, nor a line of a save form; it is left out.',
    by: 'parse',
    sample: `${header}TCP  10.0.0.1:80 rr\n`,
  },
  'iptables/header-missing': {
    severity: 'warning',
    meaning: 'Rules come before the first chain header: they are kept in a chain without a name.',
    by: 'parse',
    sample: `ACCEPT     all  --  ${any}\n${header}`,
  },
  'iptables/columns-missing': {
    severity: 'warning',
    meaning: 'A chain has rules but no column titles: its columns are taken from its rules.',
    by: 'parse',
    sample: `Chain INPUT (policy ACCEPT)\nACCEPT     all  --  ${any}\n`,
  },
  'iptables/unknown-match': {
    severity: 'warning',
    meaning: 'Text belongs to no match or target that this package knows; it is kept as text.',
    by: 'parse',
    sample: `${header}ACCEPT     all  --  ${any} frobnicate 5\n`,
  },
  'iptables/unknown-target': {
    severity: 'warning',
    meaning: 'A target has settings that this package does not know; its name and text are kept.',
    by: 'parse',
    sample: `${header}DNAT       all  --  ${any}\n`,
  },
  'iptables/bad-value': {
    severity: 'warning',
    meaning: 'A value cannot stand where it does; the match or target is kept as text.',
    by: 'parse',
    sample: `${header}ACCEPT     tcp  --  ${any} tcp dpt:99999\n`,
  },
  'iptables/missing-option': {
    severity: 'warning',
    meaning: 'A match or target of a save form lacks an option that iptables demands, as where a line is cut; it is kept as text.',
    by: 'parse',
    sample: '-A PREROUTING -j DNAT\n',
  },
  'iptables/forged-lines': {
    severity: 'warning',
    meaning: 'A comment holds a line end, so it may look like rules or chains of its own; it is read as one comment.',
    by: 'parse',
    sample: `${header}ACCEPT     all  --  ${any} /* a\nb */\n`,
  },
  'iptables/ambiguous-comment': {
    severity: 'warning',
    meaning: 'A comment holds what ends a comment, so that its line can be read in more than one way.',
    by: 'parse',
    sample: `${header}ACCEPT     tcp  --  ${any} /* a */ tcp dpt:80 /* b */\n`,
  },
  'iptables/comment-line': {
    severity: 'info',
    meaning: 'A comment of a restore file is set aside: it is no part of the rules.',
    by: 'parse',
    sample: '*filter\n# by hand\nCOMMIT\n',
  },
  'iptables/uncommitted-table': {
    severity: 'warning',
    meaning: 'A table of a restore file has no COMMIT: iptables-restore would not load it.',
    by: 'parse',
    sample: '*filter\n:INPUT ACCEPT [0:0]\n',
  },
  'iptables/last-line-open': {
    severity: 'info',
    meaning: 'The last line has no line end, so it may have been cut: a match that it does not show may have stood there.',
    by: 'parse',
    sample: `${header}ACCEPT     tcp  --  ${any}`,
  },
  'iptables/names-shown': {
    severity: 'info',
    meaning: 'The listing was made without -n: names of hosts and services are shown, which identify nothing.',
    by: 'parse',
    sample: `${header}ACCEPT     all  --  localhost            anywhere            \n`,
  },
  'iptables/debug-dump': {
    severity: 'info',
    meaning: 'The dump of -vv is set aside.',
    by: 'parse',
    sample: `${header}libiptc vlibxtables.so.12. 1176 bytes.\nTable \`nat'\n`,
  },
  'iptables/nothing-to-restore': {
    severity: 'error',
    meaning: 'The value holds no table.',
    by: 'save',
    sample: 'iptables: No chain/target/match by that name.\n',
  },
  'iptables/table-not-shown': {
    severity: 'warning',
    meaning: 'A listing does not show its table; the name written is inferred from the built-in chains.',
    by: 'save',
    sample: `${header}ACCEPT     all  --  ${any}\n`,
  },
  'iptables/interfaces-not-shown': {
    severity: 'warning',
    meaning: 'A listing without -v does not show the interfaces of its rules; none are written.',
    by: 'save',
    sample: `${header}ACCEPT     all  --  ${any}\n`,
  },
  'iptables/counters-not-exact': {
    severity: 'info',
    meaning: 'A counter was printed short (1234K); the least it can be is written.',
    by: 'save',
    sample:
      'Chain INPUT (policy ACCEPT 1234K packets, 5 bytes)\n pkts bytes target     prot opt in     out     source               destination         \n',
  },
  'iptables/not-restorable': {
    severity: 'warning',
    meaning: 'Part of a rule is not known well enough to be restored; the rule is left out.',
    by: 'save',
    sample: `${header}ACCEPT     all  --  ${any} frobnicate 5\n`,
  },
} as const satisfies Readonly<Record<string, DiagnosticEntry>>;

/** A code of {@link iptablesDiagnostics}. */
export type IptablesDiagnosticCode = keyof typeof iptablesDiagnostics;

/** A diagnostic of this package; its severity is that of its code. */
export function report(code: IptablesDiagnosticCode, span: Span, message: string, help?: string): Diagnostic {
  const { severity } = iptablesDiagnostics[code];
  return { code, severity, message, span: { start: span.start, end: span.end }, ...(help === undefined ? {} : { help }) };
}

/** A rule or a declaration on a last line that no line end closes. */
export function lastLineOpen(span: Span): Diagnostic {
  return report('iptables/last-line-open', span, 'the last line has no line end, so it may be cut');
}
