import { parseIpset, printIpset } from '@netdrift/ipset';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';

describe('an answer of ipset that is an error', () => {
  it.each([
    ['ipset v7.17: The set with the given name does not exist', 'set-not-found', { version: '7.17' }],
    ['ipset v7.17: Kernel error received: Operation not permitted', 'permission-denied', { version: '7.17' }],
    ['ipset v7.17: Kernel error received: set type not supported', 'type-not-supported', { version: '7.17' }],
    ["ipset v7.17: Syntax error: typename 'hash:foo' is unknown", 'type-not-supported', { version: '7.17', name: 'hash:foo' }],
    [
      'ipset v6.29: Kernel and userspace incompatible: settype hash:ip,port with revision 6 not supported by userspace.',
      'kernel-mismatch',
      { version: '6.29', name: 'hash:ip,port', reason: 'revision 6 not supported by userspace.' },
    ],
    [
      'ipset v7.17: Cannot communicate with kernel: Kernel support protocol versions 4-5 while userspace supports protocol versions 6-7',
      'kernel-mismatch',
      { version: '7.17', reason: 'Kernel support protocol versions 4-5 while userspace supports protocol versions 6-7' },
    ],
    ['ipset v7.17: Cannot open session to kernel.', 'kernel-not-reachable', { version: '7.17' }],
    [
      'ipset v7.17: Kernel error received: Invalid argument',
      'other',
      { version: '7.17', reason: 'Kernel error received: Invalid argument' },
    ],
    ['-bash: ipset: command not found', 'command-not-found', { shell: '-bash' }],
    ['bash: line 1: ipset: command not found', 'command-not-found', { shell: 'bash', reason: '1' }],
    ['/bin/sh: 1: ipset: not found', 'command-not-found', { shell: '/bin/sh', reason: '1' }],
    ['zsh: command not found: ipset', 'command-not-found', { shell: 'zsh' }],
    ['ipset: command not found', 'command-not-found', {}],
    ["Command 'ipset' not found, but can be installed with:", 'command-not-found', {}],
    ['exec: "ipset": executable file not found in $PATH', 'command-not-found', {}],
  ])('%s is a fact, and printed back', (line, error, parts) => {
    const { value, diagnostics } = parseIpset(`${line}\n`);
    const { wording: _, ...facts } = withoutSpans(value) as unknown as Record<string, unknown>;
    expect(facts).toEqual({ kind: 'ToolError', error, tool: 'ipset', ...parts });
    expect(diagnostics).toEqual([]);
    expect(printIpset(value)).toBe(`${line}\n`);
  });

  it('is reported where it stands before the sets', () => {
    const warning = 'ipset v6.29: Kernel support protocol versions 6-7 while userspace supports protocol versions 6-6';
    const { value, diagnostics } = parseIpset(`${warning}\nName: a\nType: hash:ip\nHeader: family inet\nMembers:\n`);
    expect(value).toMatchObject({ kind: 'IpsetList', sets: [{ name: 'a', members: [] }] });
    expect(diagnostics.map(({ code, span }) => [code, span])).toEqual([['ipset/tool-error', { start: 0, end: warning.length }]]);
  });

  it('is told whole where it is several: the first is the value, the others are reported', () => {
    const [one, other] = [
      'ipset v7.17: Kernel error received: Operation not permitted',
      'ipset v7.17: The set with the given name does not exist',
    ];
    const { value, diagnostics } = parseIpset(`${one}\n${other}\n`);
    expect(value).toMatchObject({ kind: 'ToolError', error: 'permission-denied' });
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['ipset/tool-error', `"${other.slice(0, 40)}…" is an error message of ipset`],
    ]);
  });

  it('is no sentence that only mentions ipset', () => {
    expect(parseIpset('ipset keeps the sets of the kernel\n').value.kind).toBe('IpsetList');
  });

  it('is not what an empty text is: that is a kernel without sets', () => {
    expect(parseIpset('')).toEqual({
      value: { kind: 'IpsetList', layout: { form: 'list' }, sets: [], span: { start: 0, end: 0 } },
      diagnostics: [],
    });
  });
});
