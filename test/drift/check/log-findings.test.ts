import { checkSnapshot, readSnapshot, renderCheckText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const findings = (content: string): string[] =>
  checkSnapshot(readSnapshot([{ name: 'kube-proxy.log', content }])).findings.map(
    ({ id, text, note, evidence }) =>
      `${id.slice('lint.kube.'.length)} | ${text} | ${note ?? ''} | ${evidence.map(({ lines }) => lines[0]).join()}`,
  );

const RETRY = 'until a try succeeds the node keeps the rules that it has; kube-proxy tries again in 30s';

describe("failures in kube-proxy's log", () => {
  it('are told once: the command, since when, how often, the line that was refused, and when it tries again', () => {
    // kubernetes#104234
    const once = (time: string, line: number): string =>
      `E0809 ${time}.484590       1 proxier.go:1507] Failed to execute iptables-restore: exit status 1 (iptables-restore: line ${line} failed\n)\nI0809 ${time}.484752       1 proxier.go:779] Sync failed; retrying in 30s\n`;
    expect(findings(once('05:37:21', 51))).toEqual([
      `restore-failing | iptables-restore fails in kube-proxy's log, once, at 0809 05:37:21: exit status 1 (iptables-restore: line 51 failed) | it refused line 51 of its input; ${RETRY} | 1`,
    ]);
    expect(findings(once('05:37:21', 51) + once('06:14:37', 53) + once('06:45:24', 52))).toEqual([
      `restore-failing | iptables-restore fails in kube-proxy's log, 3 times, from 0809 05:37:21 to 0809 06:45:24: exit status 1 (iptables-restore: line 52 failed) | it refused line 52 of its input; ${RETRY} | 1,7`,
    ]);
  });

  it('are read from journald with a reason of several lines, and name the program that failed', () => {
    // kubernetes/kube-proxy#25
    const head = 'Feb 17 11:12:14 k8s-1 kube-proxy[9234]: ';
    const text = [
      'E0217 11:12:14.212635    9234 proxier.go:1432] "Failed to execute iptables-restore" err=<',
      '        exit status 2: ip6tables-restore v1.8.7 (nf_tables): unknown option "--xor-mark"',
      '        Error occurred at line: 11',
      "        Try `ip6tables-restore -h' or 'ip6tables-restore --help' for more information.",
      ' >',
      'I0217 11:12:14.212700    9234 proxier.go:858] "Sync failed" retryingTime="30s"',
    ]
      .map((line) => `${head}${line}\n`)
      .join('');
    expect(findings(text)).toEqual([
      `restore-failing | ip6tables-restore fails in kube-proxy's log, once, at 0217 11:12:14: exit status 2: ip6tables-restore v1.8.7 (nf_tables): unknown option "--xor-mark" Error occurred at line: 11 | it refused line 11 of its input; ${RETRY} | 1`,
    ]);
    // The same behind what kubectl logs adds.
    for (const [from, to] of [
      [head, ''],
      [head, '[pod/kube-proxy-x/kube-proxy] '],
      [head, '2026-02-17T11:12:14.212635123Z '],
    ] as const)
      expect(findings(text.replaceAll(from, to))).toEqual(findings(text));
  });

  it('are read from JSON, with the text of the rule that was refused', () => {
    const text =
      '{"ts":1624215969128.8557,"caller":"iptables/proxier.go:851","msg":"Failed to execute iptables-restore","err":"exit status 1 (iptables-restore: line 3 failed\\n)","rules":[{"LineNumber":2,"Line":"*nat"},{"LineNumber":3,"Line":"-A KUBE-SERVICES -d 10.96.0.1"}]}\n' +
      '{"ts":1624215969129.1,"caller":"iptables/proxier.go:858","msg":"Sync failed","v":0,"retryingTime":"30s"}\n';
    expect(findings(text)).toEqual([
      `restore-failing | iptables-restore fails in kube-proxy's log, once, at Unix time 1624215969.129: exit status 1 (iptables-restore: line 3 failed) | it refused line 3 of its input, "-A KUBE-SERVICES -d 10.96.0.1"; ${RETRY} | 1`,
    ]);
  });

  it('show the refused rule where the log has the rules below the message', () => {
    const text =
      'E0101 10:00:00.000000       1 proxier.go:900] Failed to execute iptables-restore: exit status 1 (iptables-restore: line 2 failed\n)\nRules:\n*nat\n-A KUBE-SERVICES -d bad -j X\nCOMMIT\nI0101 10:00:01.000000       1 proxier.go:1] Using iptables Proxier.\n';
    expect(findings(text)[0]).toContain('it refused line 2 of its input, "-A KUBE-SERVICES -d bad -j X"');
  });

  it('of sets, of IPVS, of what was there before, and those that nobody knows are told as they stand', () => {
    const line = (level: string, second: number, message: string): string =>
      `${level}0101 10:00:0${second}.000000       1 proxier.go:9] ${message}\n`;
    const text = [
      line('E', 1, '"Failed to make sure existence of ip set" err="error creating ipset KUBE-LOOP-BACK" ipset="KUBE-LOOP-BACK"'),
      line('E', 2, '"Failed to add IPVS service" err="no such device" service="default/web"'),
      line('W', 3, 'Failed to delete stale service IP 10.0.0.1 connections, error: exit status 1'),
      line('E', 4, '"Something nobody knows" err="x"'),
      line('W', 5, 'clusterCIDR not specified, unable to distinguish between internal and external traffic'),
      line('E', 6, '"--nodeport-addresses includes localhost but localhost NodePorts are not supported" address="::1"'),
    ].join('');
    expect(findings(text).map((found) => found.split(' | ').slice(0, 2).join(' | '))).toEqual([
      `ipset-failing | kube-proxy's log says "Failed to make sure existence of ip set", once, at 0101 10:00:01: error creating ipset KUBE-LOOP-BACK`,
      `ipvs-failing | kube-proxy's log says "Failed to add IPVS service", once, at 0101 10:00:02: no such device`,
      `cleanup-failing | kube-proxy's log says "Failed to delete stale service IP 10.0.0.1 connections, error: exit status 1", once, at 0101 10:00:03`,
      `log-error | kube-proxy's log says "Something nobody knows", once, at 0101 10:00:04: x`,
    ]);
  });

  it('include a mode that is unknown, and starts in different modes', () => {
    const text =
      'W0101 10:00:00.000000       1 server_others.go:289] Unknown proxy mode "ipvz", assuming iptables proxy\nI0101 10:00:01.000000       1 server_others.go:140] Using iptables Proxier.\nI0101 12:00:01.000000       1 server_others.go:140] Using ipvs Proxier.\n';
    expect(findings(text)).toEqual([
      'mode-unknown | kube-proxy does not know the proxy mode "ipvz" that was asked for, and runs in iptables mode |  | 1',
      "mode-switched | kube-proxy's log shows another start: in iptables mode at 0101 10:00:01, then in ipvs mode at 0101 12:00:01 | rules and virtual services of iptables mode may be left over | 2,3",
    ]);
  });

  it('never leave a report that says that nothing is wrong', () => {
    const report = checkSnapshot(
      readSnapshot([{ name: 'kube-proxy.log', content: 'E0101 10:00:01.000000       1 proxier.go:9] "Sync failed" retryingTime="1m"\n' }]),
    );
    expect(renderCheckText(report)).not.toContain('Nothing is wrong');
    expect(report.maxSeverity).toBe('critical');
  });
});
