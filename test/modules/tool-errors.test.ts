import { parseModules, printModules } from '@netdrift/modules';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';

const NOT_FOUND = '/lib/modules/4.19.15-1.ph3-esx';

describe('an answer that is an error', () => {
  it.each([
    [
      `modprobe: FATAL: Module ip_vs_wrr not found in directory ${NOT_FOUND}`,
      { error: 'module-not-found', tool: 'modprobe', level: 'FATAL', name: 'ip_vs_wrr', place: NOT_FOUND },
    ],
    ['FATAL: Module ip_vs_foo not found.', { error: 'module-not-found', name: 'ip_vs_foo' }],
    ['modprobe: FATAL: Module ip_vs_foo not found.', { error: 'module-not-found', tool: 'modprobe', level: 'FATAL', name: 'ip_vs_foo' }],
    ['modprobe: module ip_vs_foo not found in modules.dep', { error: 'module-not-found', tool: 'modprobe', name: 'ip_vs_foo' }],
    [
      "modprobe: ERROR: could not insert 'ip_vs': Operation not permitted",
      { error: 'permission-denied', tool: 'modprobe', level: 'ERROR', name: 'ip_vs', reason: 'Operation not permitted' },
    ],
    [
      "modprobe: ERROR: could not insert 'ip_vs': Exec format error",
      { error: 'module-refused', tool: 'modprobe', level: 'ERROR', name: 'ip_vs', reason: 'Exec format error' },
    ],
    [
      'rmmod: ERROR: Module ip_vs is in use by: ip_vs_rr ip_vs_sh',
      { error: 'module-in-use', tool: 'rmmod', level: 'ERROR', name: 'ip_vs', reason: 'ip_vs_rr ip_vs_sh' },
    ],
    [
      "modprobe: can't change directory to '/lib/modules': No such file or directory",
      { error: 'file-not-found', tool: 'modprobe', place: '/lib/modules' },
    ],
    ['modprobe: something new', { error: 'other', tool: 'modprobe' }],
  ])('%s is one of several that modprobe may give', (line, facts) => {
    const { value, diagnostics } = parseModules(`${line}\n`);
    if (value.kind !== 'ModuleErrors') throw new Error(value.kind);
    const [first] = withoutSpans(value.errors);
    expect({ ...first, wording: '' }).toEqual({ kind: 'ToolError', ...facts, wording: '' });
    expect(diagnostics).toEqual([]);
    expect(printModules(withoutSpans(value))).toBe(`${line}\n`);
  });

  it.each([
    ['-bash: lsmod: command not found', { error: 'command-not-found', shell: '-bash', tool: 'lsmod' }],
    ['/bin/sh: 1: modprobe: not found', { error: 'command-not-found', shell: '/bin/sh', reason: '1', tool: 'modprobe' }],
    ['bash: line 3: lsmod: command not found', { error: 'command-not-found', shell: 'bash', reason: '3', tool: 'lsmod' }],
    ['zsh: command not found: lsmod', { error: 'command-not-found', shell: 'zsh', tool: 'lsmod' }],
    [
      'cat: /lib/modules/5.4.0/modules.builtin: No such file or directory',
      { error: 'file-not-found', tool: 'cat', place: '/lib/modules/5.4.0/modules.builtin' },
    ],
    ['cat: /proc/modules: Permission denied', { error: 'permission-denied', tool: 'cat', place: '/proc/modules' }],
  ])('%s is the whole answer', (line, facts) => {
    const { value } = parseModules(`${line}\n`);
    expect({ ...withoutSpans(value), wording: '' }).toEqual({ kind: 'ToolError', ...facts, wording: '' });
    expect(printModules(withoutSpans(value))).toBe(`${line}\n`);
  });

  it('may be one of several lines, each about its module', () => {
    const text = ['ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack_ipv4']
      .map((name) => `modprobe: FATAL: Module ${name} not found in directory ${NOT_FOUND}\n`)
      .join('');
    const { value } = parseModules(text);
    expect(value.kind === 'ModuleErrors' && value.errors.map(({ name }) => name)).toEqual(['ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack_ipv4']);
    expect(printModules(value)).toBe(text);
  });

  it('is reported where it stands between modules', () => {
    const { value, diagnostics } = parseModules('lsmod: cannot read\nip_vs                 188416  25\n');
    expect(value).toMatchObject({ kind: 'Lsmod', modules: [{ name: 'ip_vs' }] });
    expect(diagnostics).toEqual([
      {
        code: 'modules/tool-error',
        severity: 'warning',
        message: '"lsmod: cannot read" is between the modules',
        span: { start: 0, end: 18 },
      },
    ]);
  });
});
