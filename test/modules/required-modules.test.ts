import { canonicalModuleName, moduleAliases, requiredIpvsModules, type RequirementOptions } from '@netdrift/modules';
import { describe, expect, it } from 'vitest';

const namesOf = (options: RequirementOptions): string[] => requiredIpvsModules(options).modules.map(({ name }) => name);

describe('the modules that IPVS mode needs', () => {
  it.each([
    ['v1.18.2', '4.15.0-20-generic', undefined, ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack_ipv4']],
    ['v1.18.2', '4.19.0', '', ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack']],
    ['1.20.2', '6.1.0-56-amd64', 'lc', ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack', 'ip_vs_lc']],
    ['v1.26.0', '6.1.0', 'sh', ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'nf_conntrack']],
    ['v1.27.0', '6.1.0', 'rr', ['ip_vs', 'ip_vs_rr', 'nf_conntrack']],
    ['v1.30.3', '6.1.0', 'lc', ['ip_vs', 'ip_vs_lc', 'nf_conntrack']],
    ['v1.30.3', '3.10.0-1160.el7', 'rr', ['ip_vs', 'ip_vs_rr', 'nf_conntrack']],
  ])('of kube-proxy %s on Linux %s with scheduler %s', (kubeProxy, kernel, scheduler, expected) => {
    expect(namesOf({ kubeProxy, kernel, ...(scheduler === undefined ? {} : { scheduler }) })).toEqual(expected);
  });

  it('are checked by name up to 1.26, with either name of the conntrack module', () => {
    const old = requiredIpvsModules({ kubeProxy: '1.25.9', kernel: '4.15.0' }).modules;
    expect(old.map(({ checked }) => checked)).toEqual([true, true, true, true, true]);
    expect(old.map(({ accepted }) => accepted).at(-1)).toEqual(['nf_conntrack_ipv4', 'nf_conntrack']);
    expect(requiredIpvsModules({ kubeProxy: '1.27.0', kernel: '6.1.0' }).modules.map(({ checked }) => checked)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('before 1.20 include the scheduler, which the kernel needs and kube-proxy does not look for', () => {
    const { modules } = requiredIpvsModules({ kubeProxy: '1.18.0', kernel: '5.4.0', scheduler: 'lc' });
    expect(modules.map(({ name, checked }) => [name, checked]).at(-1)).toEqual(['ip_vs_lc', false]);
  });

  it.each([
    ['1.8.0', 'userspace-or-iptables-mode'],
    ['1.9.0', 'iptables-mode'],
    ['v1.25.16', 'iptables-mode'],
    ['v1.26.0', 'exit'],
    ['v1.30.3', 'exit'],
    ['latest', undefined],
  ])('when one is missing, kube-proxy %s goes to %s', (kubeProxy, expected) => {
    expect(requiredIpvsModules({ kubeProxy }).whenMissing).toBe(expected);
  });

  it('of an unknown version are those of all versions, each with the versions it holds for', () => {
    expect(requiredIpvsModules({ kernel: '6.1.0' }).modules.map(({ name, kubeProxy }) => ({ name, ...kubeProxy }))).toEqual([
      { name: 'ip_vs', before: '1.27' },
      { name: 'ip_vs_rr', before: '1.27' },
      { name: 'ip_vs_wrr', before: '1.27' },
      { name: 'ip_vs_sh', before: '1.27' },
      { name: 'nf_conntrack', before: '1.27' },
      { name: 'ip_vs', from: '1.27' },
      { name: 'ip_vs_rr', from: '1.27' },
      { name: 'nf_conntrack', from: '1.27' },
    ]);
  });

  it('say where each requirement was read', () => {
    for (const { source } of requiredIpvsModules().modules) expect(source.length).toBeGreaterThan(20);
  });
});

describe('the name of a module', () => {
  it.each([
    ['kernel/net/netfilter/ipvs/ip-vs.ko.xz', undefined, 'ip_vs'],
    ['ip_vs.ko', undefined, 'ip_vs'],
    ['nf_conntrack_ipv4', undefined, 'nf_conntrack_ipv4'],
    ['nf_conntrack_ipv4', '4.18.0-305.el8', 'nf_conntrack_ipv4'],
    ['nf-conntrack-ipv4', '4.19.0', 'nf_conntrack'],
    ['nf_conntrack_ipv6', '5.15.0-91-generic', 'nf_conntrack'],
    ['nf_nat_ipv4', '4.19.0', 'nf_nat_ipv4'],
    ['nf_nat_ipv4', '6.1.0', 'nf_nat'],
    ['nf_conntrack_ipv4', 'unknown', 'nf_conntrack_ipv4'],
    ['__proto__', '6.1.0', '__proto__'],
  ])('%s on Linux %s is %s', (written, kernel, expected) => {
    expect(canonicalModuleName(written, kernel === undefined ? {} : { kernel })).toBe(expected);
  });

  it('has aliases that give their source', () => {
    for (const { name, becomes, source } of moduleAliases) {
      expect(name).not.toBe(becomes);
      expect(source).toContain('Linux');
    }
  });
});
