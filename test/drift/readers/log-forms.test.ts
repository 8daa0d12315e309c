import { readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { kubeProxyLog } from '../../../packages/drift/src/read/readers/logs/kube-proxy-log.ts';
import { expectLinear } from '../../support/growth.ts';

describe('a log of kube-proxy', () => {
  it("is kubeadm's check of the modules too, which names those that are not loaded", () => {
    const text =
      '[preflight] running pre-flight checks\n' +
      ' [WARNING RequiredIPVSKernelModulesAvailable]: the IPVS proxier will not be used, because the following required kernel modules are not loaded: [ip_vs_rr ip_vs] or no builtin kernel ipvs support was found\n' +
      'you can solve this problem with following methods:\n';
    expect(kubeProxyLog.read(text)).toEqual({
      kind: 'ProxyLog',
      lines: 2,
      statements: [
        { kind: 'module-not-loaded', module: 'ip_vs_rr', line: 2 },
        { kind: 'module-not-loaded', module: 'ip_vs', line: 2 },
      ],
    });
  });

  it('is what libnetwork writes of IPVS', () => {
    const text =
      'pod-1 kube-proxy time="2026-01-02T03:04:05Z" level=warning msg="Running modprobe ip_vs failed with message: ``, error: exec: \\"modprobe\\""\n';
    expect(kubeProxyLog.read(text)).toEqual({
      kind: 'ProxyLog',
      lines: 1,
      statements: [{ kind: 'module-not-loaded', module: 'ip_vs', line: 1 }],
    });
  });

  it('is a sentence quoted alone', () => {
    expect(kubeProxyLog.read('Using iptables Proxier.\n')).toEqual({
      kind: 'ProxyLog',
      lines: 1,
      statements: [{ kind: 'mode-used', mode: 'iptables', line: 1 }],
    });
  });

  it('is told where it says nothing that is read', () => {
    const line = 'I0102 03:04:05.000000       1 proxier.go:12] syncProxyRules took 1ms\n';
    for (const [text, message] of [
      [line, 'the line of this log says nothing that is read'],
      [line + line, 'none of the 2 lines of this log says anything that is read'],
    ] as const) {
      const span = { start: 0, end: text.length };
      expect(kubeProxyLog.read(text)?.diagnostics).toEqual([{ code: 'snapshot/silent-log', severity: 'info', message, span }]);
    }
  });

  it('is neither a log of another program nor a line that only looks alike', () => {
    for (const text of [
      'time="2026-01-02T03:04:05Z" level=info msg="Loading containers: start."\n',
      'Version: v1.2.3\n',
      'Using ipvs is faster\n',
    ]) {
      expect(kubeProxyLog.read(text)).toBeUndefined();
    }
  });
});

describe('a line of a log that begins a sentence again and again', () => {
  it.each([
    ['feature gates', (count: number) => `feature gates: ${'map['.repeat(count)}`],
    ['a setting that is refused', (count: number) => `failed validate: ${'Scheduler: Invalid value: "'.repeat(count)}`],
    ['a setting of sysctl', (count: number) => `net${'.ipv4'.repeat(count)}`],
  ])('takes time in proportion to its length: %s', (_, make) => {
    expectLinear(
      (count) =>
        void readSnapshot([
          { name: 'kube-proxy.log', content: `I0102 03:04:05.000000       1 server.go:1] ${make(count)}\n${make(count)}\n` },
        ]),
      5_000,
    );
  });
});
