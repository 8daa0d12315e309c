import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { type Kinded, visit } from '@netdrift/core';
import { buildIpset, isIpsetNode, parseIpset, printIpset } from '@netdrift/ipset';
import {
  buildIptables,
  type IptablesNode,
  isIptablesNode,
  parseIptables,
  printIptablesSave,
  printIptablesTarget,
} from '@netdrift/iptables';
import { buildIpvsadm, isIpvsadmNode, parseIpvsadm, printIpvsadmSave } from '@netdrift/ipvsadm';
import { buildModules, isModulesNode, parseModules, printModules } from '@netdrift/modules';
import { buildNftables, isNftablesNode, parseNftables, printNftStatement } from '@netdrift/nftables';
import { describe, expect, it } from 'vitest';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** Texts of the fixtures below folders whose names begin so. */
function texts(...folders: readonly string[]): string[] {
  const found = readdirSync(fixtures).filter((folder) => folders.some((begin) => folder.startsWith(begin)));
  const files = found.flatMap((folder) =>
    readdirSync(join(fixtures, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(fixtures, folder, name)),
  );
  return files.filter((path) => path.endsWith('.txt')).map((path) => readFileSync(path, 'utf8'));
}

type Build = (kind: never, fields: never) => Kinded;

/** What a package makes of its fixtures, how it builds a node and how it knows one. */
const PACKAGES: readonly (readonly [
  string,
  readonly string[],
  (text: string) => { readonly value: object },
  Build,
  (value: unknown) => boolean,
])[] = [
  ['ipvsadm', texts('ipvsadm-'), parseIpvsadm, buildIpvsadm, isIpvsadmNode],
  ['iptables', texts('iptables-'), parseIptables, buildIptables, isIptablesNode],
  ['ipset', texts('ipset-'), parseIpset, buildIpset, isIpsetNode],
  ['nftables', texts('nftables-1'), parseNftables, buildNftables, isNftablesNode],
  ['modules', texts('modules-'), parseModules, buildModules, isModulesNode],
];

describe.each(PACKAGES)('nodes of %s', (_name, inputs, parse, build, isNode) => {
  it('are all known by the guard, and the builder gives each again from its keys', () => {
    const strangers = new Set<string>();
    let met = 0;
    for (const text of inputs) {
      visit(parse(text).value, {
        enter(node) {
          met += 1;
          const { kind, ...fields } = node;
          if (!isNode(node)) strangers.add(kind);
          else expect(build(kind as never, fields as never)).toEqual(node);
        },
      });
    }
    expect([...strangers]).toEqual([]);
    expect(met).toBeGreaterThan(100);
  });
});

describe('a tree that a program builds', () => {
  it('is printed as its tool prints it', () => {
    const destinations = [buildIpvsadm('Destination', { address: '10.1.0.1', port: 8080, forward: 'Masq', weight: 1 })];
    const web = buildIpvsadm('VirtualService', { protocol: 'TCP', address: '10.0.0.1', port: 80, scheduler: 'rr', destinations });
    expect(printIpvsadmSave(buildIpvsadm('IpvsadmSave', { services: [web] }))).toBe(
      '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 1\n',
    );

    const members = [buildIpset('Member', { elements: [buildIpset('PortElement', { port: 443 })] })];
    const set = buildIpset('IpSet', { name: 'web', type: 'bitmap:port', options: { range: { first: '0', last: '1023' } }, members });
    expect(printIpset(buildIpset('IpsetSave', { sets: [set] }))).toBe('create web bitmap:port range 0-1023\nadd web 443\n');

    expect(printModules(buildModules('ModuleNames', { modules: [buildModules('Module', { name: 'ip_vs' })] }))).toBe('ip_vs\n');
    expect(printNftStatement(buildNftables('Verdict', { verdict: 'jump', chain: 'services' }))).toBe('jump services');
  });

  it('has the usual conditions of a rule where none is given', () => {
    const target = buildIptables('DnatTarget', { to: { address: '10.0.0.9' } });
    const rule = buildIptables('Rule', { matches: [buildIptables('CommentMatch', { text: 'web' })], target });
    const table = buildIptables('Table', {
      name: 'nat',
      chains: [buildIptables('Chain', { name: 'PREROUTING', policy: 'ACCEPT', rules: [rule] })],
    });
    expect(printIptablesTarget(target)).toBe('-j DNAT --to-destination 10.0.0.9');
    const saved = printIptablesSave(buildIptables('IptablesSave', { tables: [table] }));
    expect(saved).toContain('\n-A PREROUTING -m comment --comment web -j DNAT --to-destination 10.0.0.9\n');
    const any = { not: false, name: '*' };
    const again = parseIptables(saved).value;
    visit<Extract<IptablesNode, { kind: 'Rule' }>>(again, {
      Rule: ({ span: _, ...keys }) => expect({ ...keys, span: rule.span }).toEqual({ ...rule, in: any, out: any }),
    });
  });

  it('is no node of another package, and no node without a kind', () => {
    expect([isIpvsadmNode({ kind: 'Rule' }), isIptablesNode({ kind: 'Rule' }), isIptablesNode({ kind: 'Rule' }, 'Chain')]).toEqual([
      false,
      true,
      false,
    ]);
    expect([isIptablesNode(null), isIptablesNode({}), isIptablesNode({ kind: 'constructor' }), isIptablesNode('Rule')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
