import {
  ipvsadmDiagnostics,
  mergeIpvsadm,
  parseIpvsadm,
  printIpvsadmSave,
  type DiagnosticEntry,
  type IpvsadmDiagnosticCode,
} from '@netdrift/ipvsadm';
import type { Diagnostic } from '@netdrift/core';
import { describe, expect, it } from 'vitest';

// The table's keys are its codes.
const table = Object.entries(ipvsadmDiagnostics) as [IpvsadmDiagnosticCode, DiagnosticEntry][];

function raise({ by, sample }: DiagnosticEntry): readonly Diagnostic[] {
  const [first = ''] = sample;
  if (by === 'parse') return parseIpvsadm(first).diagnostics;
  if (by === 'merge') return mergeIpvsadm(sample.map((text) => parseIpvsadm(text).value)).diagnostics;
  const told: Diagnostic[] = [];
  printIpvsadmSave(parseIpvsadm(first).value, { report: (diagnostic) => told.push(diagnostic) });
  return told;
}

describe('the table of diagnostics', () => {
  for (const [code, entry] of table) {
    it(`${code} is raised by its sample, with its severity and a place inside the text`, () => {
      const raised = raise(entry).filter((diagnostic) => diagnostic.code === code);
      expect(raised.map(({ severity }) => severity)).toEqual(raised.map(() => entry.severity));
      expect(raised).not.toEqual([]);
      for (const { span } of raised) {
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(entry.sample[0]?.length ?? 0);
      }
    });
  }

  it('holds every code that a sample raises', () => {
    const raised = new Set(table.flatMap(([, entry]) => raise(entry).map(({ code }) => code)));
    expect([...raised].sort()).toEqual(table.map(([code]) => code).sort());
  });

  it('has messages in one style: no capital at the start, no full stop, one line', () => {
    const messages = table.flatMap(([, entry]) => raise(entry).map(({ message }) => message));
    expect(messages.filter((message) => /^[A-Z][a-z]|[.!]$|\n/.test(message))).toEqual([]);
  });
});
