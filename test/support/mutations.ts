import { readSnapshot, type Snapshot } from '@netdrift/drift';
import { nodeKnowledge } from '../../packages/drift/src/read/kinds/node-knowledge.ts';
import { desiredFrontends } from '../../packages/drift/src/desired/desired-table.ts';
import type { DesiredPort } from '../../packages/drift/src/desired/desired-ports.ts';
import { serviceRules } from '../../packages/drift/src/desired/service-rules.ts';
import type { ProxySettings } from '../../packages/drift/src/desired/settings.ts';
import { type DesiredIpvs, desiredIpvs } from '../../packages/drift/src/desired/ipvs/ipvs-tables.ts';
import { corpusFile } from './corpus.ts';
import { settingsOf } from './proxy-settings.ts';
import type { Capture } from './scenario.ts';

/**
 * Captures of nodes that are not what their objects ask for to begin with: drifted by hand, in mid-sync, of two modes, or without a
 * kube-proxy that runs.
 */
export const UNFIT: ReadonlySet<string> = new Set([
  'fallback-v1.20-no-ip_vs',
  'fallback-v1.20-no-ipset',
  'fallback-v1.30-no-ip_vs',
  'ipvs-v1.20-pair-manual-drift/drifted',
  'ipvs-v1.20-pair-manual-drift/repaired',
  'ipvs-v1.20-pair-mode-to-iptables/after',
  'ipvs-v1.20-scheduler-bogus',
  'ipvs-v1.20-to-v1.30-pair-upgrade/after',
  'ipvs-v1.30-pair-manual-drift/drifted',
  'ipvs-v1.30-scheduler-bogus',
  'ipvs-v1.30-traffic-drain/during-first-sync',
  'iptables-v1.30-pair-manual-drift/drifted',
  'iptables-v1.30-pair-manual-drift/repaired',
  'ipvs-v1.30-chain-ipvs-iptables-nftables/iptables',
  'nftables-to-ipvs-v1.30-pair-migration/after',
]);

/** The files of a capture that a mutation may change. */
const TABLES = [
  'ipvsadm-Sn.txt',
  'ipset-save.txt',
  'ip-addr.txt',
  'ip-addr-kube-ipvs0.txt',
  'iptables-save.txt',
  'ip6tables-save.txt',
  'nft-list-ruleset.txt',
  'objects.json',
];

/** Those that tell how kube-proxy runs, where a capture has them: a log that several steps share tells none of them. */
const TELLING = /^(?:proxy-mode\.txt|kube-proxy-version\.txt|sysctl\.txt|kube-proxy(?:-config.*)?\.(?:log|yaml))$/;

/** One thing changed on one side. */
export interface Mutation {
  readonly text: string;
  /** Words of which a finding has to have one: the service, its address, the chain. Empty: nothing may be found. */
  readonly names: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  /** Why nothing may be said of it, by what the capture does not tell. */
  readonly open?: string;
}

/** A capture with its texts, and what the objects ask for. */
export interface Subject {
  readonly capture: Capture;
  readonly files: ReadonlyMap<string, string>;
  readonly wanted: DesiredIpvs;
  /** Service ports by every word that names them: address and port, set member, chain comment. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
}

/** Reads the files of a capture once. */
export function subjectOf(capture: Capture): Subject {
  const files = new Map<string, string>();
  for (const file of capture.files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (TABLES.includes(name) || TELLING.test(name)) files.set(name, corpusFile(file));
  }
  // One table told twice would show the change on one side alone.
  if (files.has('ip-addr.txt')) files.delete('ip-addr-kube-ipvs0.txt');
  const settings = settingsOf(capture);
  const wanted = desiredIpvs(nodeKnowledge(snapshotOf(files)), settings);
  const owners = new Map<string, string[]>();
  const own = (word: string, name: string): void => {
    const names = owners.get(word) ?? [];
    if (!names.includes(name)) names.push(name);
    owners.set(word, names);
  };
  for (const { key, name } of wanted.services) own(key, name);
  for (const [address, names] of wanted.addresses) for (const name of names) own(address, name);
  for (const set of wanted.sets) for (const [member, names] of set.members) for (const name of names) own(`${set.name} ${member}`, name);
  for (const port of wanted.ports)
    for (const { addresses, port: number, protocol } of desiredFrontends(port, settings))
      own(`${protocol} ${addresses[0] ?? '*'}:${number}`, port.name);
  return { capture, files, wanted, owners };
}

/** The snapshot of some texts. */
export function snapshotOf(files: ReadonlyMap<string, string>): Snapshot {
  return readSnapshot([...files].map(([name, content]) => ({ name, content })));
}

/** One mutation of a capture, chosen by a source of random numbers from 0 to 1. */
export function mutate(subject: Subject, random: () => number): Mutation | undefined {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const file = pick([...subject.files.keys()].filter((name) => TABLES.includes(name)));
  if (file === undefined) return undefined;
  const text = subject.files.get(file) ?? '';
  if (file === 'objects.json') return objectMutation(subject, text, pick);
  const lines = text.split('\n');
  const changed = file.startsWith('ip-addr')
    ? addressLine(subject, lines, pick)
    : file === 'ipset-save.txt'
      ? setLine(subject, lines, pick)
      : file === 'ipvsadm-Sn.txt'
        ? ipvsLine(subject, lines, pick)
        : file === 'nft-list-ruleset.txt'
          ? nftLine(subject, lines, pick)
          : ruleLine(lines, pick);
  if (changed === undefined) return undefined;
  // Rules of iptables that nftables mode leaves behind, as KUBE-MARK-MASQ, serve nothing.
  const dead = changed.text.endsWith(' removed') && file.endsWith('tables-save.txt') && settingsOf(subject.capture).mode === 'nftables';
  const because = openQuestion(subject, file, changed.text);
  return {
    ...(because === undefined ? {} : { open: because }),
    text: `${file}: ${changed.text}`,
    names: dead ? [] : changed.names,
    files: new Map([...subject.files, [file, changed.lines.join('\n')]]),
  };
}

/** What a capture does not tell, so that it may be so by right. */
function openQuestion({ files, owners }: Subject, file: string, text: string): string | undefined {
  if (text.includes('INVALID -j DROP removed') && !files.has('ip6tables-save.txt')) return 'nothing tells nf_conntrack_tcp_be_liberal';
  const isNodePort =
    file === 'ipvsadm-Sn.txt' &&
    text.endsWith(' removed') &&
    !text.includes(' -a ') &&
    !owners.has(text.split(' ')[1]?.replace(/:\d+$/, '') ?? '');
  return isNodePort && !(files.has('kube-proxy.log') && files.has('ip-addr.txt')) ? 'nothing tells the addresses of node ports' : undefined;
}

interface ChangedLines {
  readonly text: string;
  readonly names: readonly string[];
  readonly lines: readonly string[];
}

type Pick = <Item>(items: readonly Item[]) => Item | undefined;

function indexes(lines: readonly string[], wanted: (line: string) => boolean): number[] {
  return lines.flatMap((line, index) => (wanted(line) ? [index] : []));
}

function replaced(lines: readonly string[], at: number, ...by: readonly string[]): string[] {
  return [...lines.slice(0, at), ...by, ...lines.slice(at + 1)];
}

function addressLine({ owners }: Subject, lines: readonly string[], pick: Pick): ChangedLines | undefined {
  const start = lines.findIndex((line) => line.includes('kube-ipvs0:'));
  const at = pick(indexes(lines, (line) => /inet6? \S+\/(?:32|128) /.test(line)).filter((index) => index > start && start >= 0));
  if (at === undefined) return undefined;
  const address = /inet6? (\S+)\//.exec(lines[at] ?? '')?.[1] ?? '';
  if (pick([0, 1]) === 0) return { text: `${address} removed`, names: owners.get(address) ?? [address], lines: replaced(lines, at) };
  return {
    text: '10.96.250.250 added',
    names: ['10.96.250.250'],
    lines: replaced(lines, at, lines[at] ?? '', `    inet 10.96.250.250/32 scope global kube-ipvs0`),
  };
}

function setLine({ owners }: Subject, lines: readonly string[], pick: Pick): ChangedLines | undefined {
  const at = pick(indexes(lines, (line) => line.startsWith('add ')));
  if (at === undefined) return undefined;
  const [, set = '', member = ''] = (lines[at] ?? '').split(' ');
  if (pick([0, 1, 2]) !== 0)
    return { text: `${set} ${member} removed`, names: owners.get(`${set} ${member}`) ?? [member], lines: replaced(lines, at) };
  const other = member.replace(/\d+(?=$|,)/, '9').replace(/:\d+/, ':9');
  if (lines.includes(`add ${set} ${other}`)) return undefined;
  return {
    text: `${set} ${other} added`,
    names: set.endsWith('LOOP-BACK') ? [] : [other],
    lines: replaced(lines, at, lines[at] ?? '', `add ${set} ${other}`),
  };
}

const PROTOCOLS: Readonly<Record<string, string>> = { '-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp' };

function ipvsLine({ owners }: Subject, lines: readonly string[], pick: Pick): ChangedLines | undefined {
  const at = pick(indexes(lines, (line) => /^-[Aa] /.test(line)));
  if (at === undefined) return undefined;
  const line = lines[at] ?? '';
  const [kind = '', protocol = '', where = ''] = line.split(' ');
  const key = `${PROTOCOLS[protocol] ?? ''} ${where}`;
  const names = owners.get(key) ?? [key];
  if (kind === '-A') {
    const change = pick(['remove', 'scheduler', 'affinity', 'add']);
    if (change === 'remove')
      return { text: `${key} removed`, names, lines: lines.filter((candidate) => !candidate.includes(` ${protocol} ${where} `)) };
    if (change === 'scheduler')
      return { text: `${key}: scheduler`, names: [...names, key], lines: replaced(lines, at, line.replace(/ -s \S+/, ' -s dh')) };
    if (change === 'add')
      return {
        text: '10.96.251.251:81 added',
        names: ['10.96.251.251:81'],
        lines: replaced(lines, at, '-A -t 10.96.251.251:81 -s rr', '-a -t 10.96.251.251:81 -r 10.244.9.9:81 -m -w 1', line),
      };
    return {
      text: `${key}: affinity`,
      names,
      lines: replaced(lines, at, line.includes(' -p ') ? line.replace(/ -p \d+/, '') : `${line} -p 77`),
    };
  }
  const change = pick(['remove', 'drain', 'weight', 'add', 'port']);
  if (change === 'remove') return { text: `${key}: ${line} removed`, names, lines: replaced(lines, at) };
  if (change === 'drain' && line.endsWith(' -w 0')) return undefined;
  if (change === 'drain') return { text: `${key}: ${line} weight 0`, names, lines: replaced(lines, at, line.replace(/-w 1$/, '-w 0')) };
  if (change === 'weight') return { text: `${key}: ${line} weight 4`, names, lines: replaced(lines, at, line.replace(/-w 1$/, '-w 4')) };
  if (change === 'port') return { text: `${key}: ${line} port`, names, lines: replaced(lines, at, line.replace(/:\d+ -m/, ':9 -m')) };
  return {
    text: `${key}: server added`,
    names,
    lines: replaced(lines, at, line, `-a ${protocol} ${where} -r ${where.startsWith('[') ? '[fd00::9]' : '10.244.9.9'}:9 -m -w 1`),
  };
}

/** Chains whose rules serve no service: they are there for kube-proxy itself, for kubelet, or for answers alone. */
const NO_SERVICE = /CANARY|KUBE-FIREWALL|KUBE-MARK-DROP/;

function ruleLine(lines: readonly string[], pick: Pick): ChangedLines | undefined {
  const at = pick(indexes(lines, (line) => line.startsWith('-A ') && /KUBE-/.test(line) && !NO_SERVICE.test(line)));
  if (at === undefined) return undefined;
  const line = lines[at] ?? '';
  const chain = line.split(' ')[1] ?? '';
  const service = /--comment "?([a-z0-9-]+\/[a-z0-9:.-]+?)(?::? (?:cluster IP|loadbalancer|external|has no|traffic)|"| -)/
    .exec(line)?.[1]
    ?.replace(/:$/, '');
  const target = / -j (\S+)/.exec(line)?.[1] ?? '';
  // Rules without a comment belong to the service that others of their chains name.
  const ownTarget = /^KUBE-(?:SVC|SVL|SEP|EXT|FW|XLB)-/.test(target) ? target : chain;
  const owner = lines
    .map((one) =>
      one.includes(chain) || one.includes(ownTarget)
        ? /--comment "?(?:masquerade traffic for |pod traffic for |route LOCAL traffic for |masquerade LOCAL traffic for )?([a-z0-9-]+\/[a-z0-9.-]+)/.exec(
            one,
          )?.[1]
        : undefined,
    )
    .find((found) => found !== undefined);
  const own = /^KUBE-(?:SVC|SVL|SEP|EXT|FW|XLB)-/.test(chain) ? owner : undefined;
  const names = [...(service === undefined ? [] : [service]), ...(own === undefined ? [] : [own]), chain, target].filter(
    (name) => name !== '' && name !== 'ACCEPT' && name !== 'RETURN' && name !== 'DROP',
  );
  // Where no node port is there, the last rule of KUBE-SERVICES leads to nothing.
  if (line.endsWith('-j KUBE-NODEPORTS') && chain === 'KUBE-SERVICES' && !lines.some((one) => one.startsWith('-A KUBE-NODEPORTS ')))
    return undefined;
  if (pick([0, 1, 2]) !== 0) return { text: `${line} removed`, names, lines: replaced(lines, at) };
  const altered = pick([0, 1]) === 0 ? line.replace(/(--dport |--to-destination \S+:)\d+/, '$19') : line;
  if (altered !== line) return { text: `${line} altered`, names, lines: replaced(lines, at, altered) };
  // What ends everything in a chain of all services is found by what becomes of each of them.
  if (
    !chain.startsWith('KUBE-') ||
    (chain === 'KUBE-SERVICES' && /--comment "[a-z]/.test(line) && !/match-set/.test(line)) ||
    chain === 'KUBE-NODEPORTS'
  )
    return undefined;
  return {
    text: `${line} preceded by a rule that ends everything`,
    names: [...names, chain],
    lines: replaced(lines, at, `-A ${chain} -j RETURN`, line),
  };
}

/** The service of a name in a chain, `service-AAAAAAAA-prod/web/tcp/http`, or in a comment. */
const NFT_SERVICE = /(?:-([a-z0-9][a-z0-9-]*\/[a-z0-9.-]+)\/(?:tcp|udp|sctp)\/|comment "([a-z0-9-]+\/[a-z0-9.-]+)(?::|"))/;

/** One element or rule of kube-proxy's own tables that belongs to one service: those of all services are found by what becomes of each. */
function nftLine({ owners }: Subject, lines: readonly string[], pick: Pick): ChangedLines | undefined {
  let chain = '';
  const owned = lines.flatMap((line, index) => {
    const head = /^\t(?:chain|set|map) (\S+) \{/.exec(line)?.[1];
    if (head !== undefined) chain = head;
    const isRule = /^\t\t(?:ip6? |meta |numgen|goto |fib |jump |update |drop)/.test(line) || /^(?:\t\telements = \{|\t\t\t {5})/.test(line);
    const owner = isRule && head === undefined ? NFT_SERVICE.exec(`-${chain.replace(/^[a-z]+-[A-Z0-9]{8}/, '')} ${line}`) : null;
    const names = owner !== null ? [owner[1] ?? owner[2] ?? ''] : chain === 'cluster-ips' && isRule ? ['cluster IPs'] : undefined;
    return names === undefined || chain.startsWith('affinity-') ? [] : [{ index, name: names[0] ?? '' }];
  });
  const at = pick(owned);
  if (at === undefined) return undefined;
  const line = lines[at.index] ?? '';
  if (at.name === 'cluster IPs') {
    const address = pick(line.split(/[\s,{}]+/).filter((word) => /^[0-9a-f]*[.:]/.test(word)));
    // One that stands behind another has a comma before it, and the first of several one behind it.
    if (address === undefined || !new RegExp(`[ ]${address},`).test(line)) return undefined;
    return {
      text: `cluster-ips ${address} removed`,
      names: owners.get(address) ?? [address],
      lines: replaced(lines, at.index, line.replace(new RegExp(` ${address},`), '')),
    };
  }
  if (line.includes('elements = {') || line.includes('\t\t\t     ')) {
    const element = /([0-9a-f.:]+ \. )?(?:tcp|udp|sctp) \. \d+ (?:comment "[^"]*" )?: (?:drop|goto [^\s,]+)/.exec(line)?.[0];
    // A last element leaves an empty list behind, which no tool prints.
    if (element === undefined || !line.includes(`${element},`)) return undefined;
    const own = NFT_SERVICE.exec(element);
    return {
      text: `${element} removed`,
      names: [own?.[1] ?? own?.[2] ?? at.name],
      lines: replaced(lines, at.index, line.replace(`${element},`, '')),
    };
  }
  if (line.includes('dnat to') && pick([0, 1]) === 0)
    return { text: `${line.trim()} to another port`, names: [at.name], lines: replaced(lines, at.index, line.replace(/:\d+$/, ':9')) };
  return { text: `${line.trim()} removed`, names: [at.name], lines: replaced(lines, at.index) };
}

type Objects = { readonly items: readonly Item[] };
type Item = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly spec?: Record<string, unknown>;
  readonly endpoints?: readonly Record<string, unknown>[];
  readonly ports?: readonly Record<string, unknown>[];
};

function objectMutation(subject: Subject, text: string, pick: Pick): Mutation | undefined {
  const objects = JSON.parse(text) as Objects;
  const at = pick(objects.items.flatMap((item, index) => (item.kind === 'Service' || item.kind === 'EndpointSlice' ? [index] : [])));
  const item = at === undefined ? undefined : objects.items[at];
  if (item === undefined) return undefined;
  const service = item.kind === 'Service' ? item.metadata.name : (item.metadata.labels?.['kubernetes.io/service-name'] ?? '');
  const name = `${item.metadata.namespace ?? 'default'}/${service}`;
  const made = item.kind === 'Service' ? changedService(item, pick) : changedSlice(item, pick);
  if (made === undefined) return undefined;
  const items = objects.items.flatMap((one, index) => (index !== at ? [one] : made.item === undefined ? [] : [made.item]));
  const files = new Map([...subject.files, ['objects.json', JSON.stringify({ ...objects, items })]]);
  const settings = settingsOf(subject.capture);
  const now = desiredIpvs(nodeKnowledge(snapshotOf(files)), settings);
  const entries = (wanted: DesiredIpvs): string[] =>
    wanted.sets.flatMap(({ name: set, role, members }) =>
      role === 'local-endpoints' ? [...members.keys()].map((member) => `${set} ${member}`) : [],
    );
  const before = new Set(entries(subject.wanted));
  const added = entries(now).some((entry) => !before.has(entry));
  const fingerprint = (wanted: DesiredIpvs, lacking: boolean): string =>
    JSON.stringify(
      settings.mode === 'ipvs'
        ? // An entry too much for an endpoint of another node changes nothing; one that is missing does.
          [
            wanted.services.map(({ name: _, service: owner, destinations, ...rest }) => [
              rest,
              destinations.map(({ text }) => text),
              owner === '',
            ]),
            wanted.sets.map(({ name: set, role, members }) => [set, role === 'local-endpoints' ? [] : [...members.keys()].sort()]),
            lacking,
          ]
        : wanted.ports.map((port) => [port.name, programmed(port, settings)]),
    );
  const same = fingerprint(now, added) === fingerprint(subject.wanted, false);
  const keys = [...subject.wanted.services, ...now.services]
    .filter((one) => one.name === name || one.name.startsWith(`${name}:`))
    .map(({ key }) => key);
  return { text: `objects.json: ${name} ${made.text}`, names: same ? [] : [name, ...keys], files };
}

/** What a service port has programmed in iptables mode or nftables mode: its rules, or before they are known one by one, where it leads. */
function programmed(port: DesiredPort, settings: ProxySettings): unknown {
  return serviceRules(port, settings)?.rules ?? desiredFrontends(port, settings);
}

interface ChangedItem {
  readonly text: string;
  readonly item: Item | undefined;
}

function changedService(item: Item, pick: Pick): ChangedItem | undefined {
  const spec = item.spec ?? {};
  const ports = (spec['ports'] ?? []) as readonly Record<string, unknown>[];
  const [port] = ports;
  const withSpec = (changes: Record<string, unknown>): Item => ({ ...item, spec: { ...spec, ...changes } });
  switch (
    pick(['removed', 'port renamed', 'affinity', 'external policy', 'internal policy', 'port number', 'node port', 'another proxy'])
  ) {
    case 'removed':
      return { text: 'removed', item: undefined };
    case 'affinity':
      return {
        text: 'affinity',
        item: withSpec(
          spec['sessionAffinity'] === 'ClientIP'
            ? { sessionAffinity: 'None', sessionAffinityConfig: undefined }
            : { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 55 } } },
        ),
      };
    case 'external policy':
      return spec['type'] === 'ClusterIP'
        ? undefined
        : {
            text: 'external policy',
            item: withSpec({ externalTrafficPolicy: spec['externalTrafficPolicy'] === 'Local' ? 'Cluster' : 'Local' }),
          };
    case 'internal policy':
      return {
        text: 'internal policy',
        item: withSpec({ internalTrafficPolicy: spec['internalTrafficPolicy'] === 'Local' ? 'Cluster' : 'Local' }),
      };
    case 'port number':
      return port === undefined
        ? undefined
        : { text: 'port number', item: withSpec({ ports: [{ ...port, port: 12_345 }, ...ports.slice(1)] }) };
    case 'node port':
      return port?.['nodePort'] === undefined
        ? undefined
        : { text: 'node port', item: withSpec({ ports: [{ ...port, nodePort: 32_123 }, ...ports.slice(1)] }) };
    case 'another proxy':
      return {
        text: 'left to another proxy',
        item: {
          ...item,
          metadata: { ...item.metadata, labels: { ...item.metadata.labels, 'service.kubernetes.io/service-proxy-name': 'other' } },
        },
      };
    default:
      return undefined;
  }
}

function changedSlice(item: Item, pick: Pick): ChangedItem | undefined {
  const endpoints = item.endpoints ?? [];
  const [first, ...rest] = endpoints;
  if (first === undefined) return undefined;
  switch (pick(['endpoint removed', 'endpoint added', 'not ready', 'moved', 'port'])) {
    case 'endpoint removed':
      return { text: `endpoint removed`, item: { ...item, endpoints: rest } };
    case 'endpoint added':
      return {
        text: 'endpoint added',
        item: {
          ...item,
          endpoints: [
            ...endpoints,
            { ...first, addresses: [String((first['addresses'] as string[])[0]).includes(':') ? 'fd00::77' : '10.244.7.77'] },
          ],
        },
      };
    case 'not ready':
      return {
        text: 'endpoint not ready',
        item: { ...item, endpoints: [{ ...first, conditions: { ready: false, serving: false, terminating: false } }, ...rest] },
      };
    case 'moved':
      return {
        text: 'endpoint on another node',
        item: { ...item, endpoints: [{ ...first, nodeName: first['nodeName'] === 'node-1' ? 'node-2' : 'node-1' }, ...rest] },
      };
    default:
      return {
        text: 'port',
        item: { ...item, ports: (item.ports ?? []).map((port, index) => (index === 0 ? { ...port, port: 4321 } : port)) },
      };
  }
}

/** What became of a mutation. */
export type Verdict = 'found' | 'silent' | 'open' | 'missed' | 'false alarm' | 'others named' | 'found more than once';

/** Judges what `check` says above `none` of a mutated capture. */
export function verdictOf(
  { names, open }: Mutation,
  findings: readonly { readonly text: string; readonly subject: { readonly name: string; readonly frontends?: readonly string[] } }[],
): Verdict {
  const named = findings.filter(({ text, subject }) =>
    names.some(
      (name) =>
        text.includes(name) || subject.name.includes(name) || subject.frontends?.some((frontend) => frontend.includes(name)) === true,
    ),
  );
  if (names.length === 0) return findings.length === 0 ? 'silent' : 'false alarm';
  if (findings.length === 0) return open === undefined ? 'missed' : 'open';
  if (named.length < findings.length) return 'others named';
  return findings.length === 1 ? 'found' : 'found more than once';
}
