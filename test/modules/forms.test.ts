import { parseModules, printModules, type Module } from '@netdrift/modules';
import { describe, expect, it } from 'vitest';
import '../support/object-group-by.ts';
import { withoutSpans } from './without-spans.ts';

function modulesOf(text: string): readonly Module[] {
  const { value, diagnostics } = parseModules(text);
  expect(diagnostics).toEqual([]);
  if (!('modules' in value)) throw new Error(value.kind);
  expect(printModules(withoutSpans(value))).toBe(text);
  return withoutSpans(value.modules);
}

describe('modules.builtin', () => {
  it('may be grepped, compressed, with and without kernel/', () => {
    expect(
      modulesOf('kernel/net/netfilter/ipvs/ip_vs.ko\nnet/ipv4/netfilter/nf-defrag-ipv4.ko.xz\nip_vs_rr.ko.zst\nlib/a.ko.gz\n'),
    ).toEqual([
      { kind: 'Module', name: 'ip_vs', file: { directory: 'kernel/net/netfilter/ipvs', extension: '.ko' } },
      {
        kind: 'Module',
        name: 'nf_defrag_ipv4',
        written: 'nf-defrag-ipv4',
        file: { directory: 'net/ipv4/netfilter', extension: '.ko.xz' },
      },
      { kind: 'Module', name: 'ip_vs_rr', file: { extension: '.ko.zst' } },
      { kind: 'Module', name: 'a', file: { directory: 'lib', extension: '.ko.gz' } },
    ]);
  });

  it('is empty where the caller says that the text is one', () => {
    expect(parseModules('', { form: 'builtin' }).value).toEqual({ kind: 'ModulesBuiltin', modules: [], span: { start: 0, end: 0 } });
  });
});

describe('lsmod', () => {
  it('of old kmod has a blank behind the count of a module without users', () => {
    expect(modulesOf('ip_vs_rr               12600  0 \nip_vs                 141432  2 ip_vs_rr\n')).toEqual([
      { kind: 'Module', name: 'ip_vs_rr', size: 12600, useCount: 0, usedBy: [] },
      { kind: 'Module', name: 'ip_vs', size: 141432, useCount: 2, usedBy: ['ip_vs_rr'] },
    ]);
  });

  it('prints a long name over its column', () => {
    modulesOf('Module                  Size  Used by\nnf_nat_masquerade_ipv4    13412  1 ipt_MASQUERADE\n');
  });

  it('of modutils has flags in parentheses and users in brackets', () => {
    expect(
      modulesOf(
        'Module                  Size  Used by    Not tainted\n' +
          'ide-cd                 35196   0  (autoclean)\n' +
          'parport                36832   2  (autoclean) [lp parport_pc]\n' +
          'autofs                 13204   0  (autoclean) (unused)\n' +
          'keybdev                 2912   0  (unused)\n' +
          'ext3                   69984   2 \n' +
          'jbd                    51764   2  [ext3]\n',
      ),
    ).toEqual([
      { kind: 'Module', name: 'ide_cd', written: 'ide-cd', size: 35196, useCount: 0, usedBy: [], autoclean: true },
      { kind: 'Module', name: 'parport', size: 36832, useCount: 2, usedBy: ['lp', 'parport_pc'], autoclean: true },
      { kind: 'Module', name: 'autofs', size: 13204, useCount: 0, usedBy: [], autoclean: true, unused: true },
      { kind: 'Module', name: 'keybdev', size: 2912, useCount: 0, usedBy: [], unused: true },
      { kind: 'Module', name: 'ext3', size: 69984, useCount: 2, usedBy: [] },
      { kind: 'Module', name: 'jbd', size: 51764, useCount: 2, usedBy: ['ext3'] },
    ]);
  });

  it('marks a module that stays among its users', () => {
    expect(modulesOf('ipv6                  240000  12 a,[permanent]\n')).toEqual([
      { kind: 'Module', name: 'ipv6', size: 240000, useCount: 12, usedBy: ['a'], permanent: true },
    ]);
  });
});

describe('/proc/modules', () => {
  it('has states, taint, modules that stay, and addresses hidden from readers without rights', () => {
    expect(
      modulesOf(
        'nvidia 1048576 3 nvidia_drm,nvidia_modeset, Live 0x0000000000000000 (POE)\n' +
          'cpuid 16384 0 - Loading 0xffffffffc0670000\n' +
          'ipv6 240000 12 [permanent], Live 0xffffffffc0670000\n' +
          'old 16384 2 a,[permanent], Unloading 0xd0861000\n' +
          'fixed 16384 - - Live 0xffffffffc0670000\n',
      ),
    ).toEqual([
      {
        kind: 'Module',
        name: 'nvidia',
        size: 1048576,
        useCount: 3,
        usedBy: ['nvidia_drm', 'nvidia_modeset'],
        state: 'Live',
        address: '0x0000000000000000',
        taint: 'POE',
      },
      { kind: 'Module', name: 'cpuid', size: 16384, useCount: 0, usedBy: [], state: 'Loading', address: '0xffffffffc0670000' },
      {
        kind: 'Module',
        name: 'ipv6',
        size: 240000,
        useCount: 12,
        usedBy: [],
        permanent: true,
        state: 'Live',
        address: '0xffffffffc0670000',
      },
      { kind: 'Module', name: 'old', size: 16384, useCount: 2, usedBy: ['a'], permanent: true, state: 'Unloading', address: '0xd0861000' },
      { kind: 'Module', name: 'fixed', size: 16384, state: 'Live', address: '0xffffffffc0670000' },
    ]);
  });
});

describe('a list of names', () => {
  it('may hold paths, as when loaded and built-in modules are listed together', () => {
    expect(modulesOf('nf_conntrack\nxt-mark\nkernel/net/netfilter/ipvs/ip_vs.ko\n')).toEqual([
      { kind: 'Module', name: 'nf_conntrack' },
      { kind: 'Module', name: 'xt_mark', written: 'xt-mark' },
      { kind: 'Module', name: 'ip_vs', file: { directory: 'kernel/net/netfilter/ipvs', extension: '.ko' } },
    ]);
  });

  it('is what an empty text is, unless the caller knows better', () => {
    expect(parseModules('')).toEqual({ value: { kind: 'ModuleNames', modules: [], span: { start: 0, end: 0 } }, diagnostics: [] });
  });
});
