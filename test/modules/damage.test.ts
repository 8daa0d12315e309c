import { modulesDiagnostics, parseModules, printModules } from '@netdrift/modules';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';
import { expectLinear } from '../support/growth.ts';

const LSMOD =
  'Module                  Size  Used by\nip_vs_rr               16384  9\nip_vs                 188416  25 ip_vs_rr,ip_vs_sh\n';
const PROC = 'nf_nat 57344 2 iptable_nat,xt_nat, Live 0xffffffffc0651000\nip_vs_rr 16384 9 - Live 0xffffffffc0638000 (OE)\n';
const BUILTIN = 'kernel/mm/zswap.ko\nkernel/net/netfilter/ipvs/ip_vs.ko\n';

const report = (text: string): string[] =>
  parseModules(text).diagnostics.map(({ code, message, span }) => `${code} ${span.start}-${span.end} ${message}`);

describe('damaged lists of modules', () => {
  it.each([
    ['lsmod', LSMOD],
    ['/proc/modules', PROC],
    ['modules.builtin', BUILTIN],
  ])('%s cut at any byte never throws, and says so unless whole lines are left', (_name, text) => {
    for (let length = 1; length < text.length; length += 1) {
      const cut = text.slice(0, length);
      const { value, diagnostics } = parseModules(cut);
      const isHeader = LSMOD.startsWith(cut) && cut.trimEnd().endsWith('Used by');
      expect(cut.endsWith('\n') || diagnostics.length > 0 || isHeader, JSON.stringify(cut.slice(-20))).toBe(true);
      const again = 'modules' in value && value.modules.length > 0 ? parseModules(printModules(value)).value : value;
      expect(withoutSpans(again), String(length)).toEqual(withoutSpans(value));
    }
  });

  it('say which column does not fit, and keep the other lines', () => {
    const text = 'ip_vs_rr               16384  9\n16384 ip_vs 25\nip_vs                 188416\nip_vs_sh               16384  1 ip vs\n';
    expect(report(text)).toEqual([
      'modules/unreadable-line 38-43 expected a size in bytes, found "ip_vs"',
      'modules/unreadable-line 75-75 expected a use count, the line ends',
      'modules/unreadable-line 111-113 expected the end of the line, found "vs"',
    ]);
    expect(parseModules(text).value).toMatchObject({ kind: 'Lsmod', modules: [{ name: 'ip_vs_rr' }] });
  });

  it('say which value is none of its kind', () => {
    expect(
      report(
        'ip_vs 16384 1 - Live 0xffffffffc0638000\nip_vs_rr 16384 1 - Live nowhere\na 99999999999999999999 1 - Live 0xffffffffc0638000\n',
      ),
    ).toEqual([
      'modules/bad-value 64-71 expected an address 0x…, found "nowhere"',
      'modules/bad-value 74-94 expected a whole number, found "99999999999999999999"',
    ]);
  });

  it('without the header are read the same', () => {
    const whole = parseModules(LSMOD).value;
    const headless = parseModules(LSMOD.slice(LSMOD.indexOf('\n') + 1)).value;
    if (whole.kind !== 'Lsmod' || headless.kind !== 'Lsmod') throw new Error('not lsmod');
    expect(withoutSpans(headless.modules)).toEqual(withoutSpans(whole.modules));
  });

  it('that are the output of another tool give no module', () => {
    const texts = [
      'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\nACCEPT\n',
      'IP Virtual Server version 1.2.1 (size=4096)\nTCP  10.0.0.1:80 rr\n',
      'Name: web\nType: hash:ip\nMembers:\n10.0.0.1\n',
      'web\nthe service has two pods\n',
      '\u0000\u001b[2J\udcff',
    ];
    for (const text of texts) {
      const { value, diagnostics } = parseModules(text);
      expect(withoutSpans(value), text).toEqual({ kind: 'ModuleNames', modules: [] });
      expect(
        diagnostics.map(({ code }) => code),
        text,
      ).toEqual(['modules/not-a-module-list']);
    }
  });

  it('take time in proportion to their length', () => {
    expectLinear((copies) => void parseModules('ip_vs_rr               16384  9\nip_vs many 25\nip_vs 1 2 [a b\n'.repeat(copies)), 2000);
  });
});

describe('the diagnostics of modules', () => {
  it.each(modulesDiagnostics.map((entry) => [entry.code, entry] as const))(
    '%s is raised by its sample, with its severity',
    (code, entry) => {
      const { diagnostics } = parseModules(entry.sample);
      expect(diagnostics.map((found) => `${found.severity} ${found.code}`)).toContain(`${entry.severity} ${code}`);
      for (const { span, message } of diagnostics) {
        expect(span.start >= 0 && span.start <= span.end && span.end <= entry.sample.length).toBe(true);
        expect(message).toMatch(/^[^\n]*[^.\n]$/);
      }
    },
  );

  it('are all in the table', () => {
    const source = readFileSync(new URL('../../packages/modules/src/diagnostics.ts', import.meta.url), 'utf8');
    const used = [...source.matchAll(/diagnostic\(\s*'([^']+)'/g)].map(([, code]) => code);
    expect([...new Set(used)].sort()).toEqual(modulesDiagnostics.map(({ code }) => code).sort());
  });
});
