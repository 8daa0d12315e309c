import { diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';
import { expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

const FILES = [
  'iptables-save.txt',
  'ip6tables-save.txt',
  'ipset-save.txt',
  'ipvsadm-Sn.txt',
  'ip-addr.txt',
  'sysctl.txt',
  'proxy-mode.txt',
  'nft-list-ruleset.txt',
  'objects.json',
];
const IPVS = 'kube-proxy-modes/ipvs-v1.30-dual-stack';
const NFTABLES = 'kube-proxy-modes/nftables-v1.30-dual-stack';

/** What prints nothing left no file there. */
const capture = (folder: string): SnapshotFile[] => {
  const there = new Set(corpusFiles(folder));
  return FILES.filter((name) => there.has(`${folder}/${name}`) || /save|Sn/.test(name)).map((name) => ({
    name,
    content: there.has(`${folder}/${name}`) ? corpusFile(`${folder}/${name}`) : '',
  }));
};

type Edit = (text: string) => string;
const replace =
  (from: RegExp | string, to: string): Edit =>
  (text) =>
    text.replaceAll(from, to);
const SAVE = (table: string, ...rules: readonly string[]): string =>
  `*${table}\n${{ filter: ':INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n', nat: ':PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n' }[table] ?? ''}:OUTPUT ACCEPT [0:0]\n${table === 'nat' ? ':POSTROUTING ACCEPT [0:0]\n' : ''}${rules.map((rule) => `${rule}\n`).join('')}COMMIT\n`;

describeCorpus('kube-proxy-modes', 'the move of a node from ipvs to nftables mode', () => {
  const before = readSnapshot(capture(IPVS));
  const good = capture(NFTABLES);
  /** The move with one file changed: what is critical, and how many frontends and endpoints survived. */
  const moved = (edit: Edit = (text) => text, file = 'nft-list-ruleset.txt'): Report => {
    const files = good.map((one) => (one.name === file ? { name: file, content: edit(String(one.content)) } : one));
    return diffSnapshots(before, readSnapshot(files));
  };
  const verdict = (report: Report): string =>
    `${report.maxSeverity} ${report.troubles.length} ${JSON.stringify(report.changes[0]?.after?.['frontends'])} ${JSON.stringify(report.changes[0]?.after?.['endpoints'])}`;
  const lost = (report: Report): string[] =>
    report.changes
      .filter(({ severity, id }) => severity === 'critical' && id !== 'kube.mode.changed')
      .map(({ id, text }) => `${id} ${text}`);
  const NGINX = 'default/nginx: connections';

  it('loses nothing where nothing is lost, whatever else differs', () => {
    expect(verdict(moved())).toBe('warning 0 58 21');
    const harmless: readonly [Edit, string?][] = [
      [replace(/\t\tip6 saddr != 2001:db8:1::\/48 drop\n/g, '')],
      [replace(/\t\tupdate @affinity\S+ \{ ip6? saddr \}\n/g, '')],
      [replace(/\t\tmasquerade fully-random\n/g, '')],
      [replace('\tchain services {\n', '\tchain services {\n\t\tcounter packets 5 bytes 300\n')],
      [replace('elements = { 192.168.10.11 }', 'elements = { 10.244.0.1 }')],
      [
        (text) =>
          `${text}table inet fw {\n\tchain f {\n\t\ttype filter hook input priority filter; policy accept;\n\t\ttcp dport 22 drop\n\t}\n}\n`,
      ],
      [() => SAVE('nat', ':KUBE-MARK-MASQ - [0:0]'), 'iptables-save.txt'],
      [
        () =>
          SAVE(
            'filter',
            ':KUBE-FIREWALL - [0:0]',
            '-A INPUT -j KUBE-FIREWALL',
            '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
          ),
        'iptables-save.txt',
      ],
      [() => corpusFile(`${IPVS}/ipvsadm-Sn.txt`), 'ipvsadm-Sn.txt'],
    ];
    expect(harmless.map(([edit, file]) => verdict(moved(edit, file)))).toEqual(harmless.map(() => 'warning 0 58 21'));
  }, 120_000);

  it('names the endpoint, the node port or the family that is lost', () => {
    const endpoint = moved((text) =>
      text.replace(
        /numgen random mod 2 vmap \{ 0 : goto (endpoint-\S+default\/nginx-ds\S+), 1 : goto \S+ \}/,
        'numgen random mod 1 vmap { 0 : goto $1 }',
      ),
    );
    expect([verdict(endpoint), lost(endpoint)]).toEqual([
      'critical 0 58 20',
      ['kube.frontend.endpoint-lost default/nginx-ds:http: no connection gets to 10.244.1.112:8080 any more'],
    ]);
    const port = moved((text) => text.replace(/tcp \. 30990 : goto [^,\s]+(?:,\s*)?/, ''));
    expect([verdict(port), lost(port)]).toEqual([
      'critical 0 55 21',
      ['kube.frontend.lost default/nginx-ds:http: connections to tcp 10.244.0.1:30990 and tcp 192.168.10.11:30990 are no longer served'],
    ]);
    expect(verdict(moved((text) => text.slice(0, text.indexOf('table ip6 '))))).toBe('critical 0 33 15');
    expect(verdict(moved(replace(/\tchain nat-output \{[^}]*\}\n/g, '')))).toBe('critical 0 39 21');
    expect(verdict(moved(replace('table ip kube-proxy {\n', 'table ip kube-proxy {\n\tflags dormant\n')))).toMatch(/^critical 0 25 /);
  }, 120_000);

  it('counts clients that source ranges no longer let in as lost', () => {
    for (const range of ['2001:db8:1::/52', '2001:db8:2::/48']) {
      const report = moved(replace('ip6 saddr != 2001:db8:1::/48 drop', `ip6 saddr != ${range} drop`));
      expect([verdict(report), lost(report)], range).toEqual([
        'critical 0 57 21',
        ['kube.frontend.lost prod/lb6: connections from outside to tcp [2001:db8:ffff::50]:443 are no longer served'],
      ]);
    }
  });

  it('is undecided where a rule that nobody models, or rules that another mode left, decide', () => {
    const unknown = moved(replace(/\tchain services \{\n/g, '\tchain services {\n\t\tfrobnicate 7\n'));
    expect(lost(unknown).every((line) => line.startsWith('kube.frontend.undecided'))).toBe(true);
    expect(verdict(unknown)).toMatch(/^critical 0 0 /);
    const bpf = moved(() => SAVE('filter', '-A FORWARD -d 10.244.0.15/32 -m bpf --bytecode "1,6 0 0 0" -j DROP'), 'iptables-save.txt');
    expect([verdict(bpf), lost(bpf)]).toEqual([
      'critical 0 56 21',
      [
        `kube.frontend.undecided ${NGINX} from pods and outside to tcp 10.96.78.31:80 were served before, and whether they still are cannot be told`,
      ],
    ]);
    const stale = [
      ':KUBE-SERVICES - [0:0]',
      ':KUBE-SEP-AAAAAAAAAAAAAAAA - [0:0]',
      '-A PREROUTING -j KUBE-SERVICES',
      '-A KUBE-SERVICES -d 10.96.78.31/32 -p tcp -m tcp --dport 80 -j KUBE-SEP-AAAAAAAAAAAAAAAA',
      '-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m tcp -j DNAT --to-destination 10.244.0.77:80',
    ];
    const left = moved(() => SAVE('nat', ...stale), 'iptables-save.txt');
    expect([verdict(left), lost(left)]).toEqual([
      'critical 0 56 21',
      [
        `kube.frontend.undecided ${NGINX} from pods and outside to tcp 10.96.78.31:80 were served before, and whether they still are cannot be told`,
      ],
    ]);
  }, 120_000);

  it('is lost where another table drops, or only a part of the connections gets through', () => {
    const drops = moved(
      (text) =>
        `${text}table inet fw {\n\tchain f {\n\t\ttype filter hook forward priority filter; policy accept;\n\t\tip daddr 10.244.0.15 drop\n\t}\n}\n`,
    );
    expect(lost(drops)).toEqual([
      `kube.frontend.lost ${NGINX} from pods and outside to tcp 10.96.78.31:80 are served in part alone, the rest gets nowhere`,
    ]);
    expect(lost(moved((text) => text.replace('numgen random mod 3 vmap', 'numgen random mod 4 vmap')))).toEqual([
      `kube.frontend.lost ${NGINX} to tcp 10.96.78.31:80 are served in part alone, the rest gets nowhere`,
    ]);
  });
});
