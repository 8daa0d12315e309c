import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseIpset, printIpset, type Element, type Ipset, type IpsetNode } from '@netdrift/ipset';
import { parseIptables, printIptables, type IptablesNode, type IptablesValue } from '@netdrift/iptables';
import { parseIpvsadm, printIpvsadm, type IpvsadmNode, type IpvsadmValue } from '@netdrift/ipvsadm';
import { parseModules, printModules, type Modules, type ModulesNode } from '@netdrift/modules';
import { afterAll, describe, expect, it } from 'vitest';
import { MATCHES } from '../../packages/iptables/src/matches/table.ts';
import { TARGETS } from '../../packages/iptables/src/targets/table.ts';

/** Two texts that a real tool printed, of objects that differ in one field; see fixtures/print-one-field/SOURCE. */
interface Pair {
  readonly kind: string;
  /** Where the field stands in the tree, joined by `.`. */
  readonly field: string;
  /** What the field is in the second object; missing where the second object lacks it. */
  readonly value?: unknown;
  /** The kind has no field that tells anything: the field is another one of the rule it stands in. */
  readonly fieldless?: true;
  readonly before: string;
  readonly after: string;
  readonly texts: Readonly<Record<string, { readonly before: readonly string[]; readonly after: readonly string[] }>>;
}

type Held = { [key: string]: unknown };
type NodeKind =
  IptablesNode['kind'] | IpvsadmValue['kind'] | IpvsadmNode['kind'] | IpsetNode['kind'] | Element['kind'] | ModulesNode['kind'];
type ExtensionKind = (typeof MATCHES)[number]['kind'] | (typeof TARGETS)[number]['kind'];

/** The kinds that are no match or target of the tables. The compiler asks for a kind that is added to a union and missing here. */
const kindsOf = {
  iptables: keys<Exclude<IptablesNode['kind'], ExtensionKind>>({
    IptablesListing: true,
    IptablesSave: true,
    ToolError: true,
    Table: true,
    Chain: true,
    Rule: true,
    UnknownMatch: true,
    UnknownTarget: true,
    VerdictTarget: true,
    ChainTarget: true,
    LegacyTablesPresent: true,
    IncompatibleTable: true,
    ZeroedChain: true,
  }),
  ipvsadm: keys<IpvsadmValue['kind'] | IpvsadmNode['kind']>({
    IpvsadmListing: true,
    IpvsadmSave: true,
    IpvsadmConnections: true,
    IpvsadmTimeouts: true,
    IpvsadmDaemons: true,
    IpvsStatistics: true,
    ToolError: true,
    IpvsadmEmpty: true,
    IpvsadmUnknown: true,
    VirtualService: true,
    Destination: true,
    Connection: true,
    SyncDaemon: true,
  }),
  ipset: keys<IpsetNode['kind'] | Element['kind']>({
    IpsetList: true,
    IpsetSave: true,
    IpSet: true,
    Member: true,
    UnknownMember: true,
    ToolError: true,
    AddressElement: true,
    NetElement: true,
    AddressRangeElement: true,
    PortElement: true,
    IcmpElement: true,
    MacElement: true,
    MarkElement: true,
    InterfaceElement: true,
    SetElement: true,
    NameElement: true,
  }),
  modules: keys<ModulesNode['kind']>({
    ModulesBuiltin: true,
    Lsmod: true,
    ProcModules: true,
    ModuleNames: true,
    ModuleErrors: true,
    ToolError: true,
    Module: true,
  }),
};

/** Kinds of which no tool can print a pair, and why. */
const exceptions: Readonly<Record<string, Readonly<Partial<Record<NodeKind, string>>>>> = {
  iptables: {
    ToolError: 'printIptables gives no text for it',
    SecmarkTarget: 'the kernel takes a rule with it only where SELinux with a policy is loaded',
    UlogTarget: 'its kernel module is gone since Linux 3.17',
  },
  ipvsadm: {
    IpvsadmEmpty: 'a text without a line: there is nothing to change',
    IpvsadmUnknown: 'text of no tool',
  },
  ipset: {
    AddressRangeElement: 'people write one for ipset restore; ipset prints none',
    UnknownMember: 'text that ipset does not print',
  },
  modules: {},
};

const readers: Readonly<Record<string, (text: string) => { readonly tree: unknown; readonly print: (tree: unknown) => string }>> = {
  iptables: (text) => ({ tree: parseIptables(text).value, print: (tree) => printIptables(tree as IptablesValue) }),
  ipvsadm: (text) => ({ tree: parseIpvsadm(text).value, print: (tree) => printIpvsadm(tree as IpvsadmValue) }),
  ipset: (text) => ({ tree: parseIpset(text).value, print: (tree) => printIpset(tree as Ipset) }),
  modules: (text) => ({ tree: parseModules(text).value, print: (tree) => printModules(tree as Modules) }),
};

const files = { iptables: ['iptables-rules', 'iptables-listings'], ipvsadm: ['ipvsadm'], ipset: ['ipset'], modules: ['modules'] } as const;

const covered: string[] = [];

describe.each(Object.entries(files))('%s', (tool, names) => {
  const pairs = names.flatMap((name) => readPairs(name));
  const { [tool]: read } = readers;
  if (read === undefined) throw new Error(`no reader for ${tool}`);

  it.each(pairs.map((pair) => [title(pair), pair] as const))('prints what the tool prints after one change: %s', (_title, pair) => {
    expect(Object.keys(pair.texts)).not.toEqual([]);
    const owners = [];
    for (const [name, { before, after }] of Object.entries(pair.texts)) {
      const { tree, print } = read(before.join('\n'));
      const changed = withoutSpans(tree);
      expect(print(changed), name).toBe(before.join('\n'));
      owners.push(change(changed, pair));
      expect(print(changed), name).toBe(after.join('\n'));
    }
    // Some forms do not show a node without fields: Eui64Match prints nothing in a listing.
    if (pair.fieldless === true) expect(owners.flatMap(kindsIn)).toContain(pair.kind);
    else expect(new Set(owners.map(({ kind }) => kind))).toEqual(new Set([pair.kind]));
  });

  it('has a pair for every kind of node, or says why there is none', () => {
    const extensions = tool === 'iptables' ? [...MATCHES, ...TARGETS].map(({ kind }): string => kind) : [];
    const kinds: readonly string[] = [...kindsOf[tool as keyof typeof kindsOf], ...extensions];
    const paired = new Set(pairs.map(({ kind }) => kind));
    expect(kinds.filter((kind) => !paired.has(kind)).sort()).toEqual(Object.keys(exceptions[tool] ?? {}).sort());
    expect([...paired].filter((kind) => !kinds.includes(kind))).toEqual([]);
    covered.push(`${tool} ${paired.size} of ${kinds.length}`);
  });
});

it('keeps a whole counter whole where the column titles lost the blanks that tell -x', () => {
  const squeezed =
    'Chain INPUT (policy ACCEPT 0 packets, 0 bytes)\npkts bytes target prot opt in out source destination\n123456 7 DROP all -- * * 0.0.0.0/0 0.0.0.0/0\n';
  const printed = printIptables(parseIptables(squeezed).value);
  expect(printed).toBe(
    [
      'Chain INPUT (policy ACCEPT 0 packets, 0 bytes)',
      '    pkts      bytes target     prot opt in     out     source               destination         ',
      '  123456        7 DROP       all  --  *      *       0.0.0.0/0            0.0.0.0/0           ',
      '',
    ].join('\n'),
  );
});

afterAll(() => console.log(`one field changed, printed as the real tool does: kinds ${covered.join(', ')}`));

function readPairs(name: string): readonly Pair[] {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../fixtures/print-one-field/${name}.json`, import.meta.url)), 'utf8')) as Pair[];
}

/** Two pairs may have the same title; their texts tell them apart. */
function title({ kind, field, value }: Pair): string {
  return `${kind}, ${field} = ${JSON.stringify(value) ?? 'missing'}`;
}

/** Changes the field in place, and gives the node with a kind that it is a part of. */
function change(tree: unknown, { field, value }: Pair): Held {
  const steps = field.split('.');
  const last = steps.pop() ?? '';
  let at = held(tree, field);
  let owner = at;
  for (const step of steps) {
    at = held(at[step], field);
    if ('kind' in at) owner = at;
  }
  expect(at[last], field).not.toEqual(value);
  if (value === undefined) delete at[last];
  else at[last] = value;
  return owner;
}

function held(value: unknown, field: string): Held {
  if (typeof value !== 'object' || value === null) throw new Error(`the tree has no ${field}`);
  return value as Held;
}

/** The kinds of a node and of all below it. */
function kindsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === 'kind' ? [part] : kindsIn(part)));
}

function withoutSpans(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part)));
}

/** The keys of a record that must have each of `K`. */
function keys<K extends string>(record: Readonly<Record<K, true>>): readonly string[] {
  return Object.keys(record);
}
