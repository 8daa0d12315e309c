import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chainHash, parseServiceChain, serviceChain } from '../../../packages/drift/src/proxy/names/chain-hash.ts';
import { sha256 } from '../../../packages/drift/src/proxy/names/sha256.ts';
import { corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';

describe('the names kube-proxy gives to chains', () => {
  it('are those of the published listings', () => {
    expect(serviceChain('SVC', 'default/nginx-service:http', 'tcp')).toBe('KUBE-SVC-6IM33IEVEEV7U3GP');
    expect(serviceChain('SEP', 'default/nginx-service:http', 'tcp', '172.17.0.2:80')).toBe('KUBE-SEP-Q3UCPZ54E6Q2R4UT');
    expect(serviceChain('SVC', 'default/kubernetes:https', 'TCP')).toBe('KUBE-SVC-NPX46M4PTMTKRN6Y');
  });

  it('share one hash among all chains of one service port', () => {
    const kinds = ['SVC', 'SVL', 'EXT', 'FW', 'XLB'] as const;
    const hash = chainHash('prod/shop:https', 'tcp');
    expect(kinds.map((kind) => parseServiceChain(serviceChain(kind, 'prod/shop:https', 'tcp')))).toEqual(
      kinds.map((kind) => ({ kind, hash })),
    );
  });

  it('are told from the names of all other chains', () => {
    const others = [
      'KUBE-SERVICES',
      'KUBE-SVC-',
      'KUBE-SVC-NPX46M4PTMTKRN6',
      'KUBE-SVC-NPX46M4PTMTKRN6Y1',
      'KUBE-SVC-npx46m4ptmtkrn6y',
      'KUBE-NODEPORTS',
    ];
    expect(others.map(parseServiceChain)).toEqual(others.map(() => undefined));
  });

  it('come from the same SHA-256 as everyone has', () => {
    for (let length = 0; length <= 200; length++) {
      const message = new Uint8Array(length).map((_, index) => (index * 7 + length) & 0xff);
      expect(Buffer.from(sha256(message)).toString('hex')).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });
});

describeCorpus('kube-proxy', 'the names of chains in real listings', () => {
  /** `-A KUBE-SVC-… -m comment --comment "prod/web:http -> 10.244.0.31:8080" … -j KUBE-SEP-…` and the DNAT of the endpoint. */
  it('are all computed from the objects of the cluster, and none is left over', () => {
    const kinds = new Map<string, Set<string>>();
    const leftOver: string[] = [];
    const scenarios = new Set(
      corpusFiles('kube-proxy', (path) => path.endsWith('/objects.json')).map((path) => path.slice(0, -'/objects.json'.length)),
    );
    const expected = new Set([...scenarios].flatMap((folder) => chainsOf(corpusFile(`${folder}/objects.json`))));
    for (const path of corpusFiles('kube-proxy', (name) => name.endsWith('iptables-nat-nL.txt'))) {
      for (const name of corpusFile(path).match(/KUBE-(?:SVC|SVL|EXT|FW|XLB|SEP)-[A-Z2-7]{16}/g) ?? []) {
        const kind = parseServiceChain(name)?.kind ?? 'none';
        if (expected.has(name)) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(name));
        else leftOver.push(name);
      }
    }
    expect(leftOver).toEqual([]);
    const counts = Object.fromEntries([...kinds].sort().map(([kind, names]) => [kind, names.size]));
    expect(counts).toMatchInlineSnapshot(`
      {
        "EXT": 13,
        "FW": 4,
        "SEP": 37,
        "SVC": 21,
        "SVL": 2,
        "XLB": 2,
      }
    `);
  });
});

interface ServiceObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly ports?: readonly { readonly name?: string; readonly protocol: string }[] };
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
  readonly endpoints?: readonly { readonly addresses: readonly string[] }[];
  readonly subsets?: readonly {
    readonly addresses?: readonly { readonly ip: string }[];
    readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
  }[];
}

/** Every name of a chain that the objects of a cluster can give rise to. */
function chainsOf(text: string): string[] {
  const objects = JSON.parse(text) as { readonly items: readonly ServiceObject[] };
  const chains: string[] = [];
  for (const { kind, metadata, spec, ports, endpoints, subsets } of objects.items) {
    const portName = (service: string, name?: string): string => `${metadata.namespace}/${service}${name ? `:${name}` : ''}`;
    if (kind === 'Service') {
      for (const port of spec?.ports ?? []) {
        for (const chain of ['SVC', 'SVL', 'EXT', 'FW', 'XLB'] as const)
          chains.push(serviceChain(chain, portName(metadata.name, port.name), port.protocol));
      }
    }
    if (kind === 'EndpointSlice') {
      const service = metadata.labels?.['kubernetes.io/service-name'] ?? '';
      for (const port of ports ?? []) {
        for (const address of (endpoints ?? []).flatMap((endpoint) => endpoint.addresses)) {
          chains.push(
            serviceChain(
              'SEP',
              portName(service, port.name),
              port.protocol,
              `${address.includes(':') ? `[${address}]` : address}:${port.port}`,
            ),
          );
        }
      }
    }
    for (const subset of subsets ?? []) {
      for (const port of subset.ports) {
        for (const { ip } of subset.addresses ?? [])
          chains.push(serviceChain('SEP', portName(metadata.name, port.name), port.protocol, `${ip}:${port.port}`));
      }
    }
  }
  return chains;
}
