import { checkSnapshot, diffSnapshots, readSnapshot, serviceTable, traceSnapshot, type Snapshot } from '@netdrift/drift';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

const fixture = (folder: string): Snapshot => {
  const home = new URL(`../../fixtures/nftables-mode/${folder}/`, import.meta.url);
  return readSnapshot(readdirSync(home).map((name) => ({ name, content: readFileSync(new URL(name, home), 'utf8') })));
};

const layout = readFileSync(new URL('../../fixtures/nftables-1.0.6/kube-proxy-1.37.list.txt', import.meta.url), 'utf8');

describe('a node in nftables mode', () => {
  it('whose rules differ is never without drift', () => {
    const report = diffSnapshots(fixture('before'), fixture('after'));
    expect(report.changes.map(({ id, subject }) => `${id} ${subject.name}`)).toEqual(['nft.table.changed ip kube-proxy']);
    expect(report.maxSeverity).toBe('warning');
    expect(diffSnapshots(fixture('before'), fixture('before')).verdict).toBe('no-change');
  });

  it('of which one side does not show its tables is not compared, and that is said', () => {
    const without = readSnapshot([
      { name: 'proxy-mode.txt', content: 'nftables' },
      {
        name: 'iptables-nat-nL.txt',
        content: 'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \n',
      },
    ]);
    const report = diffSnapshots(fixture('before'), without);
    expect(report.changes.filter(({ severity }) => severity === 'critical')).toEqual([]);
    expect(report.verdict).not.toBe('no-change');
    expect(JSON.stringify(report)).toContain('nft table ip kube-proxy is listed by before alone');
  });

  it('says that another mode answers, where no table shows it', () => {
    const rules = '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n';
    const [one, other] = ['iptables', 'nftables'].map((mode) =>
      readSnapshot([
        { name: 'proxy-mode.txt', content: mode },
        { name: 'iptables-save.txt', content: rules },
      ]),
    );
    if (one === undefined || other === undefined) throw new Error('there are two sides');
    expect(diffSnapshots(one, other).changes.map(({ id, before, after }) => [id, before, after])).toEqual([
      ['kube.mode.changed', { proxyMode: 'iptables' }, { proxyMode: 'nftables' }],
    ]);
  });

  it('that masquerades nothing any more is as severe as in other modes, and what is undone is a notice', () => {
    const [whole, without] = [layout, layout.replace(/^.*masquerade fully-random\n/gm, '')].map((content) =>
      readSnapshot([{ name: 'nft-list-ruleset.txt', content }]),
    );
    if (whole === undefined || without === undefined) throw new Error('there are two sides');
    const told = (before: Snapshot, after: Snapshot): string[] => [
      ...new Set(diffSnapshots(before, after).changes.flatMap(({ severity, effect }) => (effect === 'source-changed' ? [severity] : []))),
    ];
    expect([told(whole, without), told(without, whole)]).toEqual([['critical'], ['notice']]);
  });

  it('of the layout of 1.36 and 1.37 serves what its rules lead to', () => {
    const { servicePorts } = serviceTable(readSnapshot([{ name: 'nft-list-ruleset.txt', content: layout }]));
    const shown = servicePorts.flatMap(({ name, frontends }) =>
      frontends.map(
        ({ purpose, addresses, port, paths }) =>
          `${name} ${purpose} ${addresses.join()} ${port}: ${paths.map(({ from, verdict, endpoints, masqueraded }) => `${from} ${verdict} ${endpoints.map(({ address, share }) => `${address} ${share}`).join()} ${String(masqueraded)}`).join('; ')}`,
      ),
    );
    expect(shown).toEqual([
      'ns1/svc1:p80 cluster IP 172.30.0.41 80: pod delivered 10.180.0.1:80 1 false; node delivered 10.180.0.1:80 1 true; outside delivered 10.180.0.1:80 1 true',
      'ns2/svc2:p80 cluster IP 172.30.0.42 80: pod delivered 10.180.0.2:80 0.5,10.180.0.3:80 0.5 false; node delivered 10.180.0.2:80 0.5,10.180.0.3:80 0.5 true; outside delivered 10.180.0.2:80 0.5,10.180.0.3:80 0.5 true',
      'ns2/svc2:p80 node port  3001: pod delivered 10.180.0.2:80 0.5,10.180.0.3:80 0.5 true; node delivered 10.180.0.2:80 0.5,10.180.0.3:80 0.5 true; outside delivered 10.180.0.2:80 0.5,10.180.0.3:80 0.5 true',
    ]);
  });

  it('leads a packet through its chains, rule by rule', () => {
    const { traces } = traceSnapshot(
      readSnapshot([{ name: 'nft-list-ruleset.txt', content: layout }]),
      { family: 'ipv4', protocol: 6, protocolName: 'tcp' as const, source: '10.244.3.9', destination: '172.30.0.41', destinationPort: 80 },
      {},
    );
    const [outcome] = traces[0]?.outcomes ?? [];
    expect(outcome?.endpoint).toBe('10.180.0.1:80');
    expect(outcome?.path.map((step) => ('rule' in step ? `${step.chain}#${step.rule}` : ''))).toContain(
      'service-ULMVA6XW-ns1/svc1/tcp/p80#1',
    );
  });
});

describe('check of the mode', () => {
  const found = (text: string, name = 'nft-list-ruleset.txt'): string[] =>
    checkSnapshot(readSnapshot([{ name, content: text }]))
      .findings.filter(({ severity }) => severity !== 'none')
      .map(({ id, text: said }) => `${id}: ${said}`);

  it('finds nothing in a whole table of nft', () => {
    expect(found(layout)).toEqual([]);
  });

  it('names the part of a table of nft that is missing, and what becomes of connections', () => {
    const withoutOutput = layout.replace(/\tchain nat-output \{[^}]*\}\n/, '');
    expect(found(withoutOutput)).toEqual([
      'lint.nft.table-partial: nft table ip kube-proxy is only partly there: no rule at output asks maps service-ips and service-nodeports: connections from the node itself to what is in there are not handled',
    ]);
    expect(found(layout.replace(/masquerade fully-random/g, 'accept'))).toEqual([
      'lint.nft.table-partial: nft table ip kube-proxy is only partly there: no rule at postrouting masquerades: replies to what is marked for it do not come back through the node',
    ]);
  });

  it('says why kube-proxy does not run in nftables mode, and which feature the kernel lacks', () => {
    const ended =
      'I0601 10:00:00.200000       1 server_linux.go:160] "Using nftables Proxier"\nE0601 10:00:00.300000       1 server.go:558] "Error running ProxyServer" err="unable to create proxier: kube-proxy in nftables mode requires kernel 5.13 or later"\n';
    expect(found(ended, 'kube-proxy.log')).toEqual([
      'lint.kube.not-running: kube-proxy does not run: it ended in nftables mode: unable to create proxier: kube-proxy in nftables mode requires kernel 5.13 or later',
    ]);
    const failing =
      'I0601 10:00:00.200000       1 server_linux.go:160] "Using nftables Proxier"\nE0601 10:00:05.300000       1 proxier.go:1795] "nftables sync failed" err=<\n\t/dev/stdin:7:34-47: Error: Could not process rule: No such file or directory\n\tadd rule ip kube-proxy nodeports fib daddr type local drop\n\t                                 ^^^^^^^^^^^^^^\n > ipFamily="IPv4"\n';
    const { findings } = checkSnapshot(readSnapshot([{ name: 'kube-proxy.log', content: failing }]));
    expect(findings.find(({ id }) => id === 'lint.kube.restore-failing')?.note).toContain(
      'the kernel may lack module nft_fib, which "fib daddr type" needs',
    );
  });

  it('says what awaits a node in ipvs mode, which changes no status', () => {
    const report = checkSnapshot(readSnapshot([{ name: 'proxy-mode.txt', content: 'ipvs\n' }]));
    expect(report.outlook).toContain('warns of ipvs mode since Kubernetes 1.35; it is to be off by default at 1.40 and gone at 1.43');
    expect(report.maxSeverity).toBe('none');
    expect(checkSnapshot(readSnapshot([{ name: 'proxy-mode.txt', content: 'nftables\n' }])).outlook).toBeUndefined();
  });
});

describeCorpus('kube-proxy-nftables', 'captures of nftables mode', () => {
  const snapshotOf = (folder: string): Snapshot =>
    readSnapshot(
      corpusFiles(folder, (path) => !path.endsWith('.log'))
        .filter((path) => path.split('/').length === folder.split('/').length + 1)
        .map((path) => ({ name: path, content: corpusFile(path) })),
    );
  const root = 'kube-proxy-nftables';

  it('serve at cluster IPs the endpoints that the objects name', () => {
    const folder = `${root}/nftables-v1.30-kitchen-sink`;
    const { items } = JSON.parse(corpusFile(`${folder}/objects.json`)) as { items: Record<string, never>[] };
    const served = new Map<string, string>(
      serviceTable(snapshotOf(folder)).servicePorts.flatMap(({ frontends }) =>
        frontends.map(
          ({ protocol, addresses, port, paths }) =>
            [
              `${protocol} ${addresses.join()} ${port}`,
              paths
                .find(({ from }) => from === 'outside')
                ?.endpoints.map(({ address }) => address)
                .sort()
                .join() ?? '',
            ] as const,
        ),
      ),
    );
    const checked = clusterIps(items).map(({ place, endpoints }) => [place, served.get(place), endpoints]);
    expect(checked.filter(([, found, wanted]) => found !== wanted)).toEqual([]);
    expect(checked.length).toBeGreaterThan(15);
  });

  it('say first what survived a migration, and lose what the other mode does not serve', () => {
    const { changes } = diffSnapshots(
      snapshotOf(`${root}/iptables-to-nftables-v1.30-pair-migration/before`),
      snapshotOf(`${root}/iptables-to-nftables-v1.30-pair-migration/after`),
    );
    expect(changes[0]?.text).toBe('proxy mode iptables → nftables: 5 of 8 service ports, 33 of 36 frontends, 15 of 15 endpoints survived');
    expect([...new Set(changes.filter(({ severity }) => severity === 'critical').map(({ id }) => id))].sort()).toEqual([
      'kube.frontend.lost',
      'kube.mode.changed',
    ]);
  });

  it('take a restart, which moves base chains, for no change', () => {
    const folder = `${root}/ipvs-to-nftables-v1.30-pair-migration`;
    expect(
      diffSnapshots(snapshotOf(`${folder}/after`), snapshotOf(`${folder}/after-restart`)).changes.filter(
        ({ severity }) => severity !== 'none',
      ),
    ).toEqual([]);
  });
});

interface Manifest {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly clusterIP?: string;
    readonly internalTrafficPolicy?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[];
  };
  readonly ports?: readonly { readonly name?: string; readonly port: number }[];
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[];
}

/** The ready endpoints of each cluster IP and port, by the objects alone. */
function clusterIps(items: readonly Manifest[]): { readonly place: string; readonly endpoints: string }[] {
  return items
    .filter(
      ({ kind, spec }) =>
        kind === 'Service' && spec?.clusterIP !== undefined && spec.clusterIP !== 'None' && spec.internalTrafficPolicy !== 'Local',
    )
    .flatMap(({ metadata, spec }) =>
      (spec?.ports ?? []).map(({ name = '', port, protocol = 'TCP' }) => {
        const slices = items.filter(
          (item) =>
            item.kind === 'EndpointSlice' &&
            item.metadata?.namespace === metadata?.namespace &&
            item.metadata?.labels?.['kubernetes.io/service-name'] === metadata?.name,
        );
        const endpoints = slices.flatMap((slice) =>
          (slice.ports ?? [])
            .filter((one) => (one.name ?? '') === name)
            .flatMap((one) =>
              (slice.endpoints ?? [])
                .filter(({ conditions }) => conditions?.ready !== false)
                .flatMap(({ addresses }) => addresses.map((address) => `${address}:${one.port}`)),
            ),
        );
        return { place: `${protocol.toLowerCase()} ${spec?.clusterIP ?? ''} ${port}`, endpoints: endpoints.sort().join() };
      }),
    );
}
