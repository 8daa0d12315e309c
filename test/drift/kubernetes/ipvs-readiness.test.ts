import { describe, expect, it } from 'vitest';
import { readSnapshot } from '@netdrift/drift';
import { ipvsReadiness } from '../../../packages/drift/src/services/ipvs-readiness.ts';
import { nodeView } from '../../../packages/drift/src/services/node-facts.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { captures, snapshotOf } from '../../support/scenario.ts';

const NAMES = [
  'fallback-v1.20-no-ip_vs',
  'fallback-v1.20-no-ipset',
  'fallback-v1.30-no-ip_vs',
  'fallback-v1.30-no-ip_vs_sh',
  'ipvs-v1.20-scheduler-bogus',
  'ipvs-v1.30-scheduler-bogus',
];

function texts(wanted?: (file: string) => boolean): (readonly string[])[] {
  return captures()
    .filter(({ name }) => NAMES.includes(name))
    .map((capture) => {
      const readiness = ipvsReadiness(nodeView(snapshotOf(capture, wanted)));
      return [capture.name, readiness.verdict, readiness.text];
    });
}

describeCorpus('kube-proxy', 'why kube-proxy does not run in ipvs mode', () => {
  it('is told from a whole snapshot by mode asked, mode got and the one thing missing', () => {
    expect(texts()).toEqual([
      [
        'fallback-v1.20-no-ip_vs',
        'cannot',
        'ipvs mode was asked for, iptables mode runs: module ip_vs is missing (and with it ip_vs_rr, ip_vs_sh, ip_vs_wrr)',
      ],
      ['fallback-v1.20-no-ipset', 'cannot', 'ipvs mode was asked for, iptables mode runs: the program ipset is missing'],
      ['fallback-v1.30-no-ip_vs', 'cannot', 'ipvs mode was asked for, kube-proxy does not run: module ip_vs is missing'],
      ['fallback-v1.30-no-ip_vs_sh', 'runs', 'kube-proxy runs in ipvs mode'],
      ['ipvs-v1.20-scheduler-bogus', 'cannot', 'ipvs mode was asked for, kube-proxy does not run: scheduler "fastest" does not exist'],
      ['ipvs-v1.30-scheduler-bogus', 'cannot', 'ipvs mode was asked for, kube-proxy does not run: scheduler "fastest" does not exist'],
    ]);
  });

  it('is told without the log as far as the rest of the snapshot goes', () => {
    expect(texts((file) => !file.endsWith('.log')).map(([, verdict, text]) => [verdict, text])).toEqual([
      ['cannot', 'the mode asked for is not known, iptables mode runs: module ip_vs is missing'],
      ['cannot', 'the mode asked for is not known, iptables mode runs: the program ipset is missing'],
      ['cannot', 'the mode asked for is not known, kube-proxy does not run: module ip_vs is missing'],
      ['runs', 'kube-proxy runs in ipvs mode'],
      [
        'unknown',
        'the mode asked for is not known, kube-proxy does not run: cannot tell: no log, ip_vs_rr, ip_vs_wrr, ip_vs_sh are not loaded, which says nothing of built-in and loadable modules',
      ],
      [
        'unknown',
        'the mode asked for is not known, kube-proxy does not run: cannot tell: no log, ip_vs_rr is not loaded, which says nothing of built-in and loadable modules',
      ],
    ]);
  });

  it('cannot be told without log and module list', () => {
    const told = texts((file) => !/\.log$|lsmod|modules|stderr|sysctl|ipvsadm/.test(file)).map(([, verdict, text]) => [verdict, text]);
    const fallback = 'the mode asked for is not known, iptables mode runs: cannot tell: no log, no module list';
    const gone = 'the mode asked for is not known, kube-proxy does not run: cannot tell: no log, no module list';
    expect(told).toEqual([
      ['unknown', fallback],
      ['unknown', fallback],
      ['unknown', gone],
      ['runs', 'kube-proxy runs in ipvs mode'],
      ['unknown', gone],
      ['unknown', gone],
    ]);
  });

  it('is no question on a node that runs in ipvs mode', () => {
    const healthy = captures().filter(({ name }) => name.startsWith('ipvs-') && !/bogus|mode-to-iptables/.test(name));
    expect(healthy.length).toBeGreaterThan(35);
    expect(healthy.map((capture) => ipvsReadiness(nodeView(snapshotOf(capture))).verdict).filter((verdict) => verdict !== 'runs')).toEqual(
      [],
    );
  }, 60_000);
});

describe('the modules of the background document', () => {
  const BUILTIN = ['nf_conntrack_ipv4', 'ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_lc', 'ip_vs_sh']
    .map((name) => `kernel/net/netfilter/ipvs/${name}.ko\n`)
    .join('');
  const asked = 'kind: KubeProxyConfiguration\nmode: ipvs\n';
  const ask = (release: string, builtin: string, loaded: string) =>
    ipvsReadiness(
      nodeView(
        readSnapshot([
          { name: 'modules.builtin', content: builtin },
          { name: 'proc-modules.txt', content: loaded },
          { name: 'uname.txt', content: `Linux node-1 ${release} #1 SMP x86_64 GNU/Linux\n` },
          { name: 'config.yaml', content: asked },
          { name: 'kube-proxy-version.txt', content: 'Kubernetes v1.10.2\n' },
          { name: 'proxy-mode.txt', content: 'iptables' },
        ]),
      ),
    );
  const live = (names: readonly string[]): string => names.map((name) => `${name} 16384 0 - Live 0x0000000000000000\n`).join('');
  const four = ['ip_vs', 'ip_vs_rr', 'ip_vs_wrr', 'ip_vs_sh'];

  it('are enough built in, loaded, or both', () => {
    expect(ask('4.18.0-80.el8.x86_64', BUILTIN, live(['ext4'])).verdict).toBe('unknown');
    expect(ask('4.18.0-80.el8.x86_64', BUILTIN, live(['ext4'])).text).toBe(
      'ipvs mode was asked for, iptables mode runs: cannot tell: no log, every module that ipvs mode needs is there',
    );
    expect(ask('4.18.0-80.el8.x86_64', 'kernel/fs/ext4/ext4.ko\n', live([...four, 'nf_conntrack_ipv4'])).text).toContain('every module');
  });

  it('are missing by the name this kernel has: nf_conntrack_ipv4 up to 4.18, nf_conntrack from 4.19', () => {
    const builtin = 'kernel/fs/ext4/ext4.ko\n';
    expect(ask('4.18.0-80.el8.x86_64', builtin, live(four)).text).toBe(
      'ipvs mode was asked for, iptables mode runs: module nf_conntrack_ipv4 is missing',
    );
    expect(ask('4.19.0-21-amd64', builtin, live(four)).text).toBe(
      'ipvs mode was asked for, iptables mode runs: module nf_conntrack is missing',
    );
    expect(ask('4.19.0-21-amd64', builtin, live([...four, 'nf_conntrack'])).text).toContain('every module');
    expect(ask('4.19.0-21-amd64', builtin, live(['nf_conntrack', 'ip_vs', 'ip_vs_rr', 'ip_vs_wrr'])).text).toBe(
      'ipvs mode was asked for, iptables mode runs: module ip_vs_sh is missing',
    );
    expect(ask('4.19.0-21-amd64', builtin, live(['nf_conntrack'])).text).toBe(
      'ipvs mode was asked for, iptables mode runs: module ip_vs is missing (and with it ip_vs_rr, ip_vs_sh, ip_vs_wrr)',
    );
  });
});
