import { describe, expect, it } from 'vitest';
import { CATALOGUE_CHAINS, catalogueChain, rangeOf } from '../../../packages/drift/src/proxy/names/chain-catalogue.ts';
import { parseServiceChain } from '../../../packages/drift/src/proxy/names/chain-hash.ts';
import { chainRole } from '../../../packages/drift/src/proxy/names/chain-roles.ts';
import { CATALOGUE_SETS, catalogueSet, setName } from '../../../packages/drift/src/proxy/names/set-catalogue.ts';
import { corpusFile, corpusFiles, describeCorpus } from '../../support/corpus.ts';

describe('the catalogue of kube-proxy chains and sets', () => {
  it('gives ranges of versions by their ends', () => {
    expect(['1.21-', '-1.25', '1.16-1.25', '-'].map(rangeOf)).toEqual([
      { from: '1.21' },
      { before: '1.25' },
      { from: '1.16', before: '1.25' },
      {},
    ]);
  });

  it('cuts the names of IPv6 sets as kube-proxy does', () => {
    expect(setName('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'ipv6')).toBe('KUBE-6-LOAD-BALANCER-SOURCE-CID');
    expect(setName('KUBE-NODE-PORT-LOCAL-SCTP-HASH', 'ipv6')).toBe('KUBE-6-NODE-PORT-LOCAL-SCTP-HAS');
    expect(setName('KUBE-CLUSTER-IP', 'ipv4')).toBe('KUBE-CLUSTER-IP');
  });

  it('has no name twice', () => {
    const sets = CATALOGUE_SETS.flatMap(({ name }) => [setName(name, 'ipv4'), setName(name, 'ipv6')]);
    // The two generations of SCTP sets are cut to one IPv6 name apart.
    expect(sets.filter((name, index) => sets.indexOf(name) !== index)).toEqual([]);
    const chains = CATALOGUE_CHAINS.map(({ name, table }) => `${table} ${name}`);
    expect(new Set(chains).size).toBe(chains.length);
  });
});

describeCorpus('kube-proxy', 'the catalogue on real nodes', () => {
  it('knows every chain of kube-proxy, in the table it stands in', () => {
    const unknown = new Set<string>();
    const known = new Set<string>();
    for (const path of corpusFiles('kube-proxy', (name) => /iptables-(?:nat|filter)-nL\.txt$/.test(name))) {
      const table = path.includes('-nat-') ? 'nat' : 'filter';
      for (const [, name = ''] of corpusFile(path).matchAll(/^Chain (KUBE-\S+) /gm)) {
        if (parseServiceChain(name) === undefined && catalogueChain(name, table) === undefined) unknown.add(`${table} ${name}`);
        else if (chainRole(name) === undefined) unknown.add(`role of ${name}`);
        else known.add(`${table} ${name}`);
      }
    }
    expect([...unknown]).toEqual([]);
    expect(known.size).toBeGreaterThan(80);
  });

  it('knows every set, with its type', () => {
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (const path of corpusFiles('kube-proxy', (name) => name.endsWith('/ipset-list.txt'))) {
      for (const [, name = '', type] of corpusFile(path).matchAll(/^Name: (\S+)\nType: (\S+)$/gm)) {
        seen.add(name);
        if (catalogueSet(name)?.set.type !== type) wrong.push(`${name} ${type}`);
      }
    }
    expect(wrong).toEqual([]);
    // All but the SCTP bitmaps of 1.14 and 1.15, in both families.
    expect(seen.size).toBe((CATALOGUE_SETS.length - 2) * 2);
  });
});
