import type { Nftables } from '@netdrift/nftables';

type Tree = unknown;

const NAMED: ReadonlySet<string> = new Set(['Table', 'Chain', 'Set', 'Map', 'Object', 'Flowtable']);

/** Where two trees say different things of one field; fields that only one of them has are passed over, spans and layout too. */
export function disagreements(one: Nftables, other: Nftables): string[] {
  const found: string[] = [];
  compare(one, other, '', found);
  return found;
}

function compare(one: Tree, other: Tree, path: string, found: string[]): void {
  if (one === undefined || other === undefined) return;
  if (Array.isArray(one) && Array.isArray(other)) {
    compareLists(one, other, path, found);
    return;
  }
  if (!isRecord(one) || !isRecord(other)) {
    if (one !== other) found.push(`${path}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`);
    return;
  }
  // What nft shows of the rules of iptables-nft is another part in each form.
  if (one['managedBy'] !== undefined) return;
  for (const key of Object.keys(one)) if (key !== 'span' && key !== 'layout') compare(one[key], other[key], `${path}.${key}`, found);
}

/** Blocks are paired by name: nft lists them in another order in JSON. */
function compareLists(one: readonly Tree[], other: readonly Tree[], path: string, found: string[]): void {
  if (one.length !== other.length) found.push(`${path}: ${one.length} and ${other.length} entries`);
  const names = new Map(other.map((entry) => [nameOf(entry), entry]));
  for (const [index, entry] of one.entries()) {
    const name = nameOf(entry);
    const partner = name === undefined ? other[index] : names.get(name);
    if (partner === undefined) found.push(`${path}: ${name ?? index} is in one alone`);
    compare(entry, partner, `${path}[${name ?? index}]`, found);
  }
}

function nameOf(entry: Tree): string | undefined {
  if (!isRecord(entry) || !NAMED.has(String(entry['kind']))) return undefined;
  return `${String(entry['kind'])} ${String(entry['family'] ?? '')} ${String(entry['name'])}`;
}

function isRecord(value: Tree): value is Readonly<Record<string, Tree>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
