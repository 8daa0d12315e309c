import { locateInModules, parseModules, type Module } from '@netdrift/modules';
import { expect, it } from 'vitest';

function located(source: string, ...path: string[]): readonly (string | undefined)[] {
  const { value } = parseModules(source);
  const modules: readonly Module[] = 'modules' in value ? value.modules : [];
  return modules.map((module) => {
    const span = locateInModules(source, module, path);
    return span === undefined ? undefined : source.slice(span.start, span.end);
  });
}

it('a part of a module stands where its words are, in every form', () => {
  const lsmod =
    'Module                  Size  Used by\nip_vs                 188416  25 ip_vs_wlc,ip_vs_rr\nxt-nat                    25  25\n';
  expect(located(lsmod, 'name')).toEqual(['ip_vs', 'xt-nat']);
  expect(located(lsmod, 'useCount')).toEqual(['25', '25']);
  expect(located(lsmod, 'usedBy')).toEqual(['ip_vs_wlc,ip_vs_rr', undefined]);
  const proc = 'nf_nat 57344 2 iptable_nat,[permanent], Loading 0xffffffffc0651000 (OE)\nx 1 0 - Live 0x0000000000000000\n';
  expect(located(proc, 'state')).toEqual(['Loading', 'Live']);
  expect(located(proc, 'permanent')).toEqual(['iptable_nat,[permanent],', undefined]);
  expect(located(proc, 'taint')).toEqual(['(OE)', undefined]);
  expect(located('kernel/net/ip_vs.ko.xz\n', 'file', 'extension')).toEqual(['kernel/net/ip_vs.ko.xz']);
});

it('a part is not looked for in another text', () => {
  const { value } = parseModules('ip_vs 188416 25\n');
  const module = 'modules' in value ? value.modules[0] : undefined;
  expect(module && locateInModules('ip_vs 188416 26\n', module, ['size'])).toBeUndefined();
});
