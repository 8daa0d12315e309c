import { parseIpvsadm, printIpvsadm } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { withoutSpans } from './corpus-outputs.ts';
import { fixture } from './fixture.ts';

const cases: readonly (readonly [text: string, error: string, facts: object])[] = [
  ['Memory allocation problem', 'out-of-memory', { tool: 'ipvsadm' }],
  ['No such service', 'no-such-service', { tool: 'ipvsadm' }],
  ['Service not defined', 'no-such-service', { tool: 'ipvsadm' }],
  ['Service already exists', 'service-exists', { tool: 'ipvsadm' }],
  ['Destination already exists', 'destination-exists', { tool: 'ipvsadm' }],
  ['Scheduler or persistence engine not found', 'no-such-scheduler', { tool: 'ipvsadm' }],
  ['Permission denied (you must be root)', 'permission-denied', { tool: 'ipvsadm' }],
  ["Can't initialize ipvs: Permission denied (you must be root)", 'permission-denied', { tool: 'ipvsadm' }],
  ["Can't initialize ipvs: Protocol not available", 'ipvs-not-available', { reason: 'Protocol not available' }],
  ['--tun-info: unknown option', 'unknown-option', { name: '--tun-info' }],
  ['No such device or address', 'no-such-device', { tool: 'ipvsadm' }],
  ['options conflicts in the list command', 'option-conflict', { tool: 'ipvsadm' }],
  ['bash: ipvsadm: command not found', 'command-not-found', { name: 'ipvsadm', place: 'bash' }],
  ['-bash: /usr/sbin/ipvsadm: command not found', 'command-not-found', { name: '/usr/sbin/ipvsadm', place: '-bash' }],
  ['sudo: ipvsadm: command not found', 'command-not-found', { name: 'ipvsadm', place: 'sudo' }],
  ['/bin/sh: 1: ipvsadm: not found', 'command-not-found', { name: 'ipvsadm' }],
  ['ipvsadm: command not found', 'command-not-found', { name: 'ipvsadm' }],
  ["Command 'ipvsadm' not found, but can be installed with:", 'command-not-found', { name: 'ipvsadm' }],
  ['exec: "ipvsadm": executable file not found in $PATH', 'command-not-found', { name: 'ipvsadm' }],
  ['-bash: /usr/sbin/ipvsadm: Permission denied', 'permission-denied', { name: '/usr/sbin/ipvsadm', place: '-bash' }],
  ['modprobe: module ip_vs not found in modules.dep', 'module-not-found', { name: 'ip_vs', tool: 'modprobe' }],
  [
    "modprobe: can't change directory to '/lib/modules': No such file or directory",
    'no-such-file',
    { place: '/lib/modules', tool: 'modprobe' },
  ],
  ['zsh: command not found: ipvsadm', 'command-not-found', { name: 'ipvsadm' }],
  ['cat: /proc/net/ip_vs: No such file or directory', 'no-such-file', { name: '/proc/net/ip_vs', tool: 'cat' }],
  [
    'modprobe: FATAL: Module ip_vs not found in directory /lib/modules/6.1.0',
    'module-not-found',
    { name: 'ip_vs', place: '/lib/modules/6.1.0' },
  ],
];

describe('the text of a known failure', () => {
  for (const [text, error, facts] of cases) {
    it(`is a fact: ${text}`, () => {
      const { value, diagnostics } = parseIpvsadm(`${text}\n`);
      expect(value).toMatchObject({ kind: 'ToolError', error, ...facts });
      expect(diagnostics).toEqual([]);
      expect(printIpvsadm(withoutSpans(value))).toBe(`${text}\n`);
    });
  }

  it('of a kernel without the module is one failure with its causes', () => {
    const text = fixture('ipvsadm-1.31/module-missing/ln-stderr.txt');
    const { value } = parseIpvsadm(text);
    expect(value).toMatchObject({
      kind: 'ToolError',
      error: 'ipvs-not-available',
      tool: 'ipvsadm',
      reason: 'Protocol not available',
      after: [{ error: 'module-not-found', tool: 'modprobe', name: 'ip_vs' }],
      span: { start: 0, end: text.length },
    });
    expect(printIpvsadm(withoutSpans(value))).toBe(text);
  });

  it('above or inside an output is a diagnostic there', () => {
    const listing = fixture('ipvsadm-1.31/seed/ln.txt');
    const told = (text: string): string[] => parseIpvsadm(text).diagnostics.map(({ code, message }) => `${code}: ${message}`);
    const message = 'ipvsadm/tool-message: ipvsadm reports a failure here (out-of-memory); the output may be incomplete';
    expect(told(`Memory allocation problem\n${listing}`)).toEqual([message]);
    expect(told(`${listing}Memory allocation problem\n`)).toEqual([message]);
  });
});
