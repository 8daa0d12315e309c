import { checkSnapshot, type CheckOptions, type CheckReport, readSnapshot, renderCheckText, rendererOf } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const check = (name: string, content: string, options: CheckOptions = {}): CheckReport =>
  checkSnapshot(readSnapshot([{ name, content }]), options);

/** Services in iptables mode whose chains have names that kube-proxy does not give them. */
function misnamed(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const letters = `${'ABCDEFGH'[index >> 3] ?? ''}${'ABCDEFGH'[index & 7] ?? ''}`.repeat(8);
    const name = `shop/web-${index}:http`;
    return [
      `-A KUBE-SERVICES -d 10.96.0.${index}/32 -p tcp -m comment --comment "${name} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${letters}`,
      `-A KUBE-SVC-${letters} -m comment --comment "${name}" -j KUBE-SEP-${letters}`,
      `-A KUBE-SEP-${letters} -p tcp -m comment --comment "${name}" -m tcp -j DNAT --to-destination 10.1.0.${index}:80`,
    ];
  }).flat();
  const chains = [...new Set(lines.map((line) => `:${line.split(' ')[1] ?? ''} - [0:0]`))];
  return ['*nat', ':PREROUTING ACCEPT [0:0]', ...chains, '-A PREROUTING -j KUBE-SERVICES', ...lines, 'COMMIT', ''].join('\n');
}

/** Virtual services of which every destination is drained: each serves no new connection. */
function drained(count: number): string {
  const services = Array.from(
    { length: count },
    (_, index) => `-A -t 10.0.0.${index + 1}:80 -s rr\n-a -t 10.0.0.${index + 1}:80 -r 10.1.0.${index + 1}:80 -m -w 0\n`,
  );
  return services.join('');
}
const told = ({ findings }: CheckReport) => findings.map(({ id, subject, subjects = [] }) => [id, subject.name, subjects.length]);

describe('what more than a few things share is told once', () => {
  it('chains that are all named otherwise than kube-proxy names them', () => {
    const report = check('iptables-save.txt', misnamed(40));
    const [mismatch, ...others] = report.findings.filter(({ id }) => id === 'lint.kube.chain-hash-mismatch');
    expect(others).toEqual([]);
    expect(mismatch?.text).toBe(
      'the name of a chain of kube-proxy belongs to another service or endpoint: 80 chains, nat KUBE-SEP-AAAAAAAAAAAAAAAA, nat KUBE-SEP-ABABABABABABABAB, nat KUBE-SEP-ACACACACACACACAC and 77 more',
    );
    expect(mismatch?.note).toMatch(
      /^for example, shop\/web-0:http: kube-proxy would name its chain KUBE-SEP-\w{16}, not KUBE-SEP-AAAAAAAAAAAAAAAA$/,
    );
    expect([mismatch?.subjects?.length, mismatch?.evidence.length]).toEqual([80, 80]);
    for (const { kind, name, text } of mismatch?.subjects ?? [])
      expect([kind, text.endsWith(`, not ${name.slice(4)}`)]).toEqual(['iptables.chain', true]);
    expect(
      renderCheckText(report)
        .split('\n')
        .filter((line) => line.includes('KUBE-SEP-')).length,
    ).toBe(2);
  });

  it('from six on, with the severity and certainty that each has', () => {
    expect(told(check('ipvsadm-Sn.txt', drained(5)))).toEqual(
      [1, 2, 3, 4, 5].map((index) => ['lint.ipvs.all-weight-zero', `tcp 10.0.0.${index}:80`, 0]),
    );
    const six = check('ipvsadm-Sn.txt', drained(6));
    expect(told(six)).toEqual([['lint.ipvs.all-weight-zero', 'tcp 10.0.0.1:80', 6]]);
    expect([six.maxSeverity, six.findings[0]?.severity, six.findings[0]?.certainty]).toEqual(['critical', 'critical', 'proven']);
    expect(renderCheckText(six)).toContain(
      'CRITICAL all destinations of a virtual service have weight 0: 6 virtual services, tcp 10.0.0.1:80, tcp 10.0.0.2:80, tcp 10.0.0.3:80 and 3 more.\n',
    );
  });

  it('and a rule of the policy still covers one of them', () => {
    const ignore = [{ id: 'lint.ipvs.*', subject: 'tcp 10.0.0.3:80', reason: 'drained on purpose' }];
    expect(told(check('ipvsadm-Sn.txt', drained(7), { ignore }))).toEqual([
      ['lint.ipvs.all-weight-zero', 'tcp 10.0.0.1:80', 6],
      ['lint.ipvs.all-weight-zero', 'tcp 10.0.0.3:80', 0],
    ]);
    expect(check('ipvsadm-Sn.txt', drained(7), { severity: [['lint.ipvs.all-weight-zero', 'notice']] }).maxSeverity).toBe('notice');
  });

  it('the page finds and names each of them, and a code quality report has one issue', () => {
    const report = check('ipvsadm-Sn.txt', drained(9));
    const page = rendererOf('html')?.render(report) ?? '';
    expect(page.split('<article').length - 1).toBe(1);
    expect(page).toContain('<dt>about</dt><dd>tcp 10.0.0.1:80, tcp 10.0.0.2:80,');
    const issues: { fingerprint: string }[] = JSON.parse(rendererOf('gitlab')?.render(report) ?? '');
    expect(issues.map(({ fingerprint }) => fingerprint)).toEqual(report.findings.map(({ fingerprint }) => fingerprint));
    // It is one thing, whichever and however many share it; each of them is known by the fingerprint that it has alone.
    expect(check('ipvsadm-Sn.txt', drained(8)).findings[0]?.fingerprint).toBe(report.findings[0]?.fingerprint);
    const [first, second] = check('ipvsadm-Sn.txt', drained(2)).findings;
    expect(report.findings[0]?.subjects?.slice(0, 2).map(({ fingerprint }) => fingerprint)).toEqual([
      first?.fingerprint,
      second?.fingerprint,
    ]);
  });

  it('but not rules that were written one by one', () => {
    const rules = Array.from({ length: 8 }, (_, index) => `-A INPUT -s 10.9.${index}.0/24 -j DROP\n`.repeat(2)).join('');
    const save = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules}COMMIT\n`;
    expect(told(check('iptables-save.txt', save))).toEqual(
      [10, 12, 14, 16, 2, 4, 6, 8].map((number) => ['lint.iptables.duplicate-rule', `filter INPUT#${number}`, 0]),
    );
  });
});
