import { readTranscript, toOriginal } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unaccountedLines } from './accounted-for.ts';

/** Lines of every kind, whole and damaged. */
const line = fc.constantFrom(
  '# ipvsadm -ln',
  '[root@node1 ~]# iptables -t nat -nL',
  'IP Virtual Server version 1.2.1 (size=4096)',
  'Prot LocalAddress:Port Scheduler Flags',
  '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
  'TCP  10.0.0.1:443 rr persistent 10800',
  '  -&gt; 192.168.0.1:6443             Masq    1      1          0   <-- here',
  'Chain PREROUTING (policy ACCEPT)',
  'target     prot opt source               destination         ',
  'KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0            /* portals */',
  'DROP  all  --  0.0.0.0/0            0.0.0.0/0            /* open',
  '*nat',
  ':PREROUTING ACCEPT [0:0]',
  '-A KUBE-SVC -m comment --comment "open -j X',
  'COMMIT# Warning: iptables-legacy tables present, use iptables-legacy-save to see them',
  'Name: KUBE-CLUSTER-IP',
  'Members:',
  '10.96.0.1,tcp:443',
  'I1116 09:02:43.498855       1 server_others.go:122] Using iptables Proxier.',
  'E1116 09:02:43.498855       1 proxier.go:122] Failed to execute iptables-restore: x',
  '{ "kind": "List", "a": [',
  ']}',
  '"stdout": "Prot LocalAddress:Port Scheduler Flags\\nProt LocalAddress:Port x\\n",',
  '<pre><code>',
  '\u001b[31mred\u001b[m',
  '\u00a0\u00a0nbsp',
  'node1 | CHANGED | rc=0 >>',
  'prose -> of a kind',
  '...',
  '```',
  '',
  '   ',
);
const prefix = fc.constantFrom('', '', '', '> ', '    ', '\t', '# ', '+', '│ ', '  12 ', 'node2: ', '\ufeff');
const text = fc
  .array(fc.tuple(prefix, line, fc.constantFrom('\n', '\n', '\n', '\r\n', '')), { maxLength: 30 })
  .map((lines) => lines.map((parts) => parts.join('')).join(''));
const anyText = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });

describe('whatever the text', () => {
  it('every line is in a section, set aside, or under a diagnostic', () => {
    fc.assert(
      fc.property(anyText, (input) => {
        expect(unaccountedLines(input, readTranscript(input))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('what is set aside is in order and in no section', () => {
    fc.assert(
      fc.property(anyText, (input) => {
        const { sections, setAside } = readTranscript(input);
        const taken = new Uint8Array(input.length);
        for (const { span } of setAside) {
          expect(taken.subarray(span.start, span.end)).not.toContain(1);
          taken.fill(1, span.start, span.end);
        }
        for (const { pieces } of sections) {
          for (const { start, end } of pieces) expect(taken.subarray(start, end)).not.toContain(1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a section is plain data whose characters stand where its pieces say', () => {
    fc.assert(
      fc.property(anyText, (input) => {
        const result = readTranscript(input);
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
        for (const section of result.sections) {
          for (const { at, start, end } of section.pieces) {
            const edited = /[&\\\u00a0"<]/.test(input.slice(start, end));
            expect(edited || section.text.startsWith(input.slice(start, end), at)).toBe(true);
            expect(toOriginal(section, at)).toBe(start);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('the text of a section is one clean section when read again', () => {
    fc.assert(
      fc.property(text, (input) => {
        for (const { tool, form, text: output } of readTranscript(input).sections) {
          const again = readTranscript(output).sections[0];
          // Names alone and a tool's bare message are told by the command, the program of a log by what stands before its lines.
          if (form === 'names' || form === 'error' || tool === 'log') continue;
          expect([again?.tool, again?.form]).toEqual([tool, form]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a text cut anywhere is read', () => {
    const whole = `[root@node1 ~]# ipvsadm -ln\n> Prot LocalAddress:Port Scheduler Flags\n>   -&gt; RemoteAddress:Port           Forward\n> TCP  10.0.0.1:443 rr  <-- x\n\n*nat\n-A X -m comment --comment "a\nb" -j Y\nCOMMIT\n`;
    for (let end = 0; end <= whole.length; end += 1) {
      const cut = whole.slice(0, end);
      expect([cut, unaccountedLines(cut, readTranscript(cut))]).toEqual([cut, []]);
    }
  });
});
