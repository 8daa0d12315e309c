import type { Span } from '../text/span.ts';
import type { KnownFormat } from './formats.ts';
import type { Layer } from './layers/layer.ts';
import type { SetAsideReason } from './set-aside.ts';

/** A line of the edited text. */
export interface SourceLine {
  readonly start: number;
  /** Where its characters end, before a carriage return and the line feed. */
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** A line that came after the section's last one and may turn out to be inside it. */
export interface WaitingLine {
  readonly line: SourceLine;
  readonly reason: SetAsideReason;
}

/** Lines that came after the section's last one, and of which kinds they are. */
export class WaitingLines {
  readonly lines: WaitingLine[] = [];
  private readonly reasons = new Set<SetAsideReason>();

  add(line: SourceLine, reason: SetAsideReason): void {
    this.lines.push({ line, reason });
    this.reasons.add(reason);
  }

  has(reason: SetAsideReason): boolean {
    return this.reasons.has(reason);
  }
}

/** A section that is being read. */
export interface OpenSection {
  readonly format: KnownFormat;
  readonly layers: readonly Layer[];
  readonly command: string | undefined;
  readonly host: string | undefined;
  readonly time: string | undefined;
  /** The programs that syslog or journald names before its lines. */
  readonly programs: Set<string>;
  /** One of them is kube-proxy, or runs it inside itself. */
  readonly isKubeProxys: boolean;
  readonly seen: Set<string>;
  /** What it consists of, in the edited text; neighbours are joined. */
  readonly ranges: { start: number; end: number }[];
  waiting: WaitingLines;
  gaps: number;
  /** The last line that was added. */
  lastLine: SourceLine;
  /** From the first to the last line, whole. */
  span: Span;
}

/** Adds a range of the edited text, joined to the last one where it touches it. */
export function addRange({ ranges }: OpenSection, start: number, end: number): void {
  if (end <= start) return;
  const last = ranges.at(-1);
  if (last !== undefined && last.end === start) last.end = end;
  else ranges.push({ start, end });
}
