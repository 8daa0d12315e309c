import { iptablesDiagnostics, parseIptables, printIptablesSave, type DiagnosticEntry } from '@netdrift/iptables';
import type { Diagnostic } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

const entries: readonly (readonly [code: string, entry: DiagnosticEntry])[] = Object.entries(iptablesDiagnostics);

function told({ by, sample }: DiagnosticEntry): readonly Diagnostic[] {
  const { value, diagnostics } = parseIptables(sample);
  if (by === 'parse') return diagnostics;
  const reported: Diagnostic[] = [];
  printIptablesSave(value, { report: (diagnostic) => void reported.push(diagnostic) });
  return reported;
}

describe('a diagnostic', () => {
  it.each(entries)('%s is raised by its sample, with its severity, inside the text', (code, entry) => {
    const raised = told(entry).find((diagnostic) => diagnostic.code === code);
    expect(raised?.severity).toBe(entry.severity);
    expect(raised?.span.start).toBeGreaterThanOrEqual(0);
    expect(raised?.span.end).toBeLessThanOrEqual(entry.sample.length);
  });

  it.each(entries)('%s says what is wrong in one plain line', (_code, entry) => {
    for (const { message } of told(entry)) {
      expect(message).not.toMatch(/\n|!$|\.$|^[A-Z]|please|sorry|invalid|unexpected|failed to/);
    }
  });

  it('is sorted by its place in the text', () => {
    const rule = 'ACCEPT     all  --  0.0.0.0/0            0.0.0.0/0            ';
    const text = `Chain INPUT (policy ACCEPT)\n${rule}what is this\n${rule}tcp dpt:99999\nprose\n`;
    const starts = parseIptables(text).diagnostics.map(({ span }) => span.start);
    expect(starts).toEqual([...starts].sort((one, other) => one - other));
    expect(starts.length).toBe(4);
  });
});
