import type { Diagnostic, DiagnosticLabel } from '../diagnostic.ts';
import type { Span } from '../text/span.ts';
import type { Family } from '../values/address.ts';
import type { KnownFormat } from './formats.ts';

/**
 * The program whose output a section is, as docs/transcripts.md lists them; `ip6tables` is `iptables` with family `ipv6`, `log` the log of
 * a program that is not kube-proxy.
 */
export type SectionTool = KnownFormat['tool'] | 'log';

/**
 * Which output of the tool:
 * - ipvsadm: `listing` (of /proc/net/ip_vs too), `save`, `connections`, `timeouts`, `daemons`, `proc-connections`, `proc-stats`
 * - iptables: `listing`, `save` (iptables-save and `-S`)
 * - ipset: `list`, `save`, `names`
 * - nft: `listing` (`nft -f` files too), `names` (list tables), `json` (-j)
 * - modules: `builtin`, `lsmod`, `proc` (/proc/modules), `names`
 * - kubectl: `table` (get), `describe`; kubernetes: `yaml`, `json`
 * - kube-proxy: `log`, `proxy-mode` (the answer of /proxyMode)
 * - any: `version`; `error`, what the tool says instead of an output
 * - others: as the format that reads them names it, `routes` of ip
 */
export type SectionForm = KnownFormat['form'];

/** A run of a section's text that stands in the input without a break: `text` from `at` on is the input from `start` on. */
export interface Piece {
  /** Offset in the section's text. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** What was taken off the lines of a section. */
export type Envelope =
  'indent' | 'quote' | 'diff' | 'comment' | 'border' | 'log-prefix' | 'host-prefix' | 'line-number' | 'list-mark' | 'inline-code' | 'fence';

/** One output of one tool, found in a transcript. Plain data. */
export interface Section {
  readonly kind: 'Section';
  readonly tool: SectionTool;
  readonly form: SectionForm;
  /** The program that wrote a `log`, where the log names it. */
  readonly program?: string;
  /** The command line that stands before the output, without its prompt. */
  readonly command?: string;
  /** Arguments of the tool in that command, up to a pipe or the end. */
  readonly args?: readonly string[];
  /** What the command's output was piped through, as `grep` or `head`: then lines may be missing. */
  readonly filter?: string;
  /** Table that the command names; `filter` where an iptables command names none. */
  readonly table?: string;
  /** Family that the command's name tells. */
  readonly family?: Family;
  /**
   * Machine named by the prompt, by `ssh`, `kubectl exec` or `kubectl debug` in the command, by `hostname`, or by a prefix or title of its
   * own.
   */
  readonly host?: string;
  /** When it was made, as `2016-11-17T10:03:18` of that place: by its own first line, `date`, `watch` or the prefix of a log. */
  readonly time?: string;
  /** Place among the sections of the transcript, from 0. */
  readonly order: number;
  /** The output as the tool printed it, as far as can be told: what to give to the tool's parser. */
  readonly text: string;
  /** Where the text stands in the input, in order, without a gap in the text. */
  readonly pieces: readonly Piece[];
  /** What was taken off its lines, outermost first. */
  readonly envelopes: readonly Envelope[];
  /** Lines between its lines that were left out by the one who pasted it (`...`, `--`). */
  readonly gaps: number;
  /** From its first to its last line in the input. */
  readonly span: Span;
}

/**
 * Where an offset in a section's text stands in the input.
 *
 * @example
 * toOriginal({ pieces: [{ at: 0, start: 10, end: 20 }] }, 3) // => 13
 */
export function toOriginal({ pieces }: Pick<Section, 'pieces'>, offset: number): number {
  const piece = pieces[pieceAt(pieces, offset)];
  if (piece === undefined) return offset;
  return Math.min(piece.start + Math.max(0, offset - piece.at), piece.end);
}

/**
 * Where a span in a section's text stands in the input. A span that something was cut out of covers that too.
 *
 * @example
 * toOriginalSpan({ pieces: [{ at: 0, start: 10, end: 20 }] }, { start: 3, end: 5 }) // => { start: 13, end: 15 }
 */
export function toOriginalSpan(section: Pick<Section, 'pieces'>, span: Span): Span {
  const start = toOriginal(section, span.start);
  if (span.end <= span.start) return { start, end: start };
  const last = pieceAt(section.pieces, span.end - 1);
  const piece = section.pieces[last];
  // What one piece stands for may be longer than its text: an entity is one character.
  if (piece !== undefined && section.pieces[last + 1]?.at === span.end) return { start, end: piece.end };
  return { start, end: toOriginal(section, span.end - 1) + 1 };
}

function pieceAt(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Diagnostics of a section's parser, pointing into the input instead of the section's text.
 *
 * @example
 * toOriginalDiagnostics(section, parseIpvsadm(section.text).diagnostics)
 */
export function toOriginalDiagnostics(section: Pick<Section, 'pieces'>, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    span: toOriginalSpan(section, diagnostic.span),
    ...(diagnostic.labels === undefined
      ? {}
      : {
          labels: diagnostic.labels.map((label): DiagnosticLabel => ({ ...label, span: toOriginalSpan(section, label.span) })),
        }),
  }));
}
