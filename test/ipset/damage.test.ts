import { ipsetDiagnostics, parseIpset, printIpset } from '@netdrift/ipset';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';
import { expectLinear } from '../support/growth.ts';

const HEAD = 'Name: web\nType: hash:ip,port\nRevision: 5\nHeader: family inet hashsize 1024 maxelem 65536\n';
const COUNTS = 'Size in memory: 504\nReferences: 2\nNumber of entries: 2\n';
const LISTING = `${HEAD}${COUNTS}Members:\n10.10.0.10,tcp:9153\n10.10.0.10,udp:53\n`;

/** Code, place and message of each diagnostic. */
const report = (text: string): string[] =>
  parseIpset(text).diagnostics.map(({ code, message, span }) => `${code} ${span.start}-${span.end} ${message}`);

const membersOf = (text: string): unknown => {
  const { value } = parseIpset(text);
  return value.kind === 'ToolError' ? value.kind : withoutSpans(value.sets.map(({ name, type, members }) => ({ name, type, members })));
};

describe('damaged output of ipset', () => {
  it('cut at any byte never throws, and says so wherever a line or a member is missing', () => {
    for (let length = 1; length < LISTING.length; length += 1) {
      const cut = LISTING.slice(0, length);
      const { value, diagnostics } = parseIpset(cut);
      const wholeLines = cut.endsWith('\n') && !cut.includes('Members:\n');
      expect(wholeLines || diagnostics.length > 0, JSON.stringify(cut.slice(-20))).toBe(true);
      expect(() => printIpset(value)).not.toThrow();
    }
  });

  it('printed in its canonical form is read as the same tree', () => {
    for (let length = 0; length < LISTING.length; length += 1) {
      const { value } = parseIpset(LISTING.slice(0, length));
      expect(withoutSpans(parseIpset(printIpset(value)).value), String(length)).toEqual(withoutSpans(value));
    }
  });

  it('without a Name line gives no set, rather than the lines to another set', () => {
    expect(membersOf(`${HEAD.replace('Name: web\n', '')}Members:\n10.0.0.1,tcp:80\n`)).toEqual([]);
    expect(report(`${HEAD.replace('Name: web\n', '')}Members:\n10.0.0.1,tcp:80\n`)).toEqual([
      'ipset/no-set-name 0-103 lines of a set are here without its "Name:" line',
    ]);
  });

  it('without a Name line behind another set does not add to that set', () => {
    const text = `${LISTING}\n${HEAD.replace('Name: web\n', '')}Members:\n10.0.0.9,tcp:1\n`;
    const codes = parseIpset(text).diagnostics.map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['ipset/no-set-name']));
    expect(membersOf(text)).toEqual(membersOf(LISTING));
  });

  it('without a Type line keeps the members by what they look like', () => {
    const text = LISTING.replace('Type: hash:ip,port\n', '');
    expect(report(text)).toEqual(['ipset/missing-type 0-171 the type of set "web" is not shown']);
    expect(parseIpset(text).value).toMatchObject({
      sets: [{ members: [{ elements: [{ kind: 'AddressElement' }, { kind: 'PortElement' }] }, {}] }],
    });
  });

  it('without the Members line has no members, and every line is reported', () => {
    const text = LISTING.replace('Members:\n', '');
    expect(membersOf(text)).toEqual([{ name: 'web', type: 'hash:ip,port' }]);
    expect(report(text)).toEqual([
      'ipset/unreadable-line 144-163 "10.10.0.10,tcp:9153" is not a line of ipset',
      'ipset/unreadable-line 164-181 "10.10.0.10,udp:53" is not a line of ipset',
    ]);
  });

  it('with its elements shuffled keeps the line as text', () => {
    const text = `${HEAD}Members:\ntcp:80,10.0.0.1\n10.0.0.1\n10.0.0.1,tcp:80,10.0.0.2\n10.0.0.1,tcp:99999\ntimeout 5\n`;
    const { value } = parseIpset(text);
    expect(value).toMatchObject({ sets: [{ members: Array.from({ length: 5 }, () => ({ kind: 'UnknownMember' })) }] });
    expect(report(text)).toEqual([
      'ipset/unknown-member 98-104 expected an IP address, found "tcp:80"',
      'ipset/unknown-member 122-122 a member of type hash:ip,port ends too early',
      'ipset/unknown-member 132-147 expected a port, with its protocol before it, found "tcp:80,10.0.0.2"',
      'ipset/unknown-member 157-166 expected a port, with its protocol before it, found "tcp:99999"',
      'ipset/unknown-member 175-176 a member of type hash:ip,port holds "5"',
    ]);
    expect(printIpset(value)).toBe(text);
  });

  it('with an address that an author masked keeps it as text', () => {
    const text = 'Name: a\nType: hash:ip\nHeader: family inet\nMembers:\n10.43.0.1\n5.xx.xx.xxx <-- external IP\n';
    expect(membersOf(text)).toEqual([
      {
        name: 'a',
        type: 'hash:ip',
        members: [
          { kind: 'Member', elements: [{ kind: 'AddressElement', address: '10.43.0.1' }] },
          { kind: 'UnknownMember', text: '5.xx.xx.xxx <-- external IP' },
        ],
      },
    ]);
  });

  it('that is the output of another tool gives no set', () => {
    const texts = [
      'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\n',
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n',
      'Module                  Size  Used by\nip_vs                 188416  25\n',
      '<ipsets>\n<ipset name="t-ip">\n<type>hash:ip</type>\n</ipset>\n</ipsets>\n',
      'web\ndb\n',
      '\u0000\u001b[2J\udcff',
    ];
    for (const text of texts) {
      const { value, diagnostics } = parseIpset(text);
      expect(withoutSpans(value), text).toEqual({ kind: 'IpsetList', layout: { form: 'list' }, sets: [] });
      expect(
        diagnostics.map(({ code }) => code),
        text,
      ).toEqual(['ipset/not-ipset']);
    }
  });

  it('reads a member called Name: as a member, and a set as a set where the blank line is missing', () => {
    const list = 'Name: l\nType: list:set\nHeader: size 8 timeout 5\nMembers:\nName: timeout 3\nweb timeout 4\n';
    expect(membersOf(list)).toEqual([
      {
        name: 'l',
        type: 'list:set',
        members: [
          { kind: 'Member', elements: [{ kind: 'SetElement', name: 'Name:' }], timeout: 3 },
          { kind: 'Member', elements: [{ kind: 'SetElement', name: 'web' }], timeout: 4 },
        ],
      },
    ]);
    expect(membersOf(`${LISTING}${LISTING.replace('web', 'db')}`)).toMatchObject([{ name: 'web' }, { name: 'db' }]);
  });

  it.each([
    ['members that are none', `${HEAD}Members:\n`, '10.0.0.1,tcp:80,x timeout\n'],
    ['quotes that are not closed', `${HEAD}Members:\n`, '10.0.0.1,tcp:80 comment "x\n'],
    ['members of sets that are not made', '', 'add web 10.0.0.1\n'],
    ['sets', '', 'create web hash:ip comment "x\n'],
    ['commands without a name', '', 'add\n'],
    ['sets of one name', '', `${HEAD}Members:\n\n`],
    ['labels', 'Name: web\n', 'Type: hash:ip\n'],
  ])('takes time in proportion to its length: %s', (_name, head, line) => {
    expectLinear((copies) => void parseIpset(head + line.repeat(copies)), 1500);
  });
});

describe('the diagnostics of ipset', () => {
  it.each(ipsetDiagnostics.map((entry) => [entry.code, entry] as const))('%s is raised by its sample, with its severity', (code, entry) => {
    const { diagnostics } = parseIpset(entry.sample);
    expect(diagnostics.map((found) => `${found.severity} ${found.code}`)).toContain(`${entry.severity} ${code}`);
    for (const { span, message } of diagnostics) {
      expect(span.start >= 0 && span.start <= span.end && span.end <= entry.sample.length).toBe(true);
      expect(message).toMatch(/^[^\n]*[^.\n]$/);
    }
  });

  it('are all in the table', () => {
    const source = readFileSync(new URL('../../packages/ipset/src/diagnostics.ts', import.meta.url), 'utf8');
    const used = [...source.matchAll(/diagnostic\(\s*'([^']+)'/g)].map(([, code]) => code);
    expect([...new Set(used)].sort()).toEqual(ipsetDiagnostics.map(({ code }) => code).sort());
  });
});

describe('an address of the other family than its set', () => {
  it.each(['::1', '2001:db8::/32', '10.0.0.1-::1'])('is no member: %s', (address) => {
    const type = address.includes('/') ? 'hash:net' : 'hash:ip';
    const { value, diagnostics } = parseIpset(`create a ${type} family inet hashsize 64 maxelem 64\nadd a ${address}\n`);
    expect(value).toMatchObject({ sets: [{ members: [{ kind: 'UnknownMember', text: address }] }] });
    expect(diagnostics.map(({ code }) => code)).toEqual(['ipset/unknown-member']);
  });
});
