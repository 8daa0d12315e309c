import { canonicalModuleName, parseModules, requiredIpvsModules } from '@netdrift/modules';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus, hasCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

function namesIn(path: string, kernel: string): string[] {
  const { value } = parseModules(corpusFile(path));
  return 'modules' in value ? value.modules.map(({ name }) => canonicalModuleName(name, { kernel })) : [];
}

/** The modules that a scenario's kube-proxy lacks by our account, where it was asked for ipvs mode. */
function missingIn(scenario: string, log: string): readonly string[] {
  const kernel = corpusFile(`kube-proxy/${scenario}/uname.txt`).split(' ')[2] ?? '';
  const host = scenario.includes('trixie') ? 'trixie' : 'bookworm';
  const here = new Set([
    ...namesIn(`kube-proxy/${scenario}/proc-modules.txt`, kernel),
    ...namesIn(`kube-proxy/_hosts/${host}/modules.builtin`, kernel),
  ]);
  const kubeProxy = corpusFile(`kube-proxy/${scenario}/kube-proxy-version.txt`).trim().replace('Kubernetes ', '');
  const scheduler = /FLAG: --ipvs-scheduler="([a-z]*)"/.exec(log)?.[1] ?? '';
  const { modules } = requiredIpvsModules({ kernel, kubeProxy, scheduler });
  return modules.filter(({ accepted }) => !accepted.some((name) => here.has(name))).map(({ name }) => name);
}

describeCorpus('kube-proxy', 'the modules that a real kube-proxy lacked', () => {
  it('are those that are required and not there, in every scenario', () => {
    const asked = corpusFiles('kube-proxy', (path) => path.endsWith('/kube-proxy.log'))
      .map((path) => ({ scenario: path.split('/')[1] ?? '', log: corpusFile(path) }))
      .filter(({ scenario, log }) => log.includes('FLAG: --proxy-mode="ipvs"') && hasCorpus(`kube-proxy/${scenario}/proc-modules.txt`));
    const missing = asked.map(({ scenario, log }) => [scenario, missingIn(scenario, log)] as const).filter(([, names]) => names.length > 0);
    expect(missing).toEqual([
      ['fallback-v1.20-no-ip_vs', ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh']],
      ['fallback-v1.30-no-ip_vs', ['ip_vs', 'ip_vs_rr']],
      // This version refuses the scheduler's name before it loads any module.
      ['ipvs-v1.20-scheduler-bogus', ['ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh', 'ip_vs_fastest']],
      ['ipvs-v1.30-scheduler-bogus', ['ip_vs_fastest']],
    ]);
    expect(asked.length).toBeGreaterThanOrEqual(36);
  });

  it('are in the log of the version that names them', () => {
    const log = corpusFile('kube-proxy/fallback-v1.20-no-ip_vs/kube-proxy.log');
    const named = /required kernel modules are not loaded: \[([^\]]*)\]/.exec(log)?.[1]?.split(' ') ?? [];
    expect([...missingIn('fallback-v1.20-no-ip_vs', log)].sort()).toEqual(named.sort());
  });
});
