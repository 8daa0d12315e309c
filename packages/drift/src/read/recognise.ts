import { type Table, tablesThatHold } from '@netdrift/iptables';

/** The kinds of listing that a parser of its own reads. */
export type ListingKind = 'ipvs' | 'rules' | 'sets' | 'nft' | 'modules';

/** How many characters of a text are looked at to tell what it is. */
const LOOKED_AT = 4096;

const NAMES: readonly { readonly kind: ListingKind; readonly sign: RegExp }[] = [
  { kind: 'nft', sign: /^nft(?:ables)?(?![a-z])/i },
  { kind: 'ipvs', sign: /ipvsadm|ip_vs(?!\w)/i },
  { kind: 'sets', sign: /ipset/i },
  { kind: 'rules', sign: /ip6?tables|(?:^|[^a-z])(?:nat|filter|mangle|raw|security)(?:[^a-z]|$)/i },
  { kind: 'modules', sign: /lsmod|proc-modules|modules\.builtin|^modules(?:\.|$)/i },
];

/** Tells from a file's name what it should hold. */
export function kindOfName(name: string): ListingKind | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/\.(?:stderr(?:\.txt)?|err|log|json)$/.test(base)) return undefined;
  return NAMES.find(({ sign }) => sign.test(base))?.kind;
}

/** The kind that a user's own word asks for, as `nat` of `nat=path`. */
export function kindOfWord(word: string): ListingKind | undefined {
  const kinds: { readonly [word: string]: ListingKind } = {
    ipvsadm: 'ipvs',
    ipvs: 'ipvs',
    iptables: 'rules',
    ip6tables: 'rules',
    nat: 'rules',
    filter: 'rules',
    mangle: 'rules',
    raw: 'rules',
    security: 'rules',
    ipset: 'sets',
    ipsets: 'sets',
    nft: 'nft',
    nftables: 'nft',
    modules: 'modules',
    lsmod: 'modules',
  };
  return Object.hasOwn(kinds, word) ? kinds[word] : undefined;
}

const TABLES: readonly string[] = ['filter', 'nat', 'mangle', 'raw', 'security'];

/** The table a word or a file's name speaks of, as `nat` of `iptables-nat-nL.txt` or of `iptables -t nat -nL`. */
export function tableOfText(text: string): string | undefined {
  return text
    .slice(text.lastIndexOf('/') + 1)
    .split(/[^a-z0-9]+/i)
    .find((word) => TABLES.includes(word));
}

/** What a table is called of which nothing tells which one it is: it is none of those that packets are led through. */
export const UNKNOWN_TABLE = 'unknown-table';

/**
 * The names of the tables of a text: as written, else as `told`, else as what only one table can hold tells; else {@link UNKNOWN_TABLE}.
 */
export function tableNamesOf(tables: readonly Table[], told: string | undefined): string[] {
  return tables.map((table) => {
    if (table.name !== undefined) return table.name;
    if (told !== undefined && tables.length === 1) return told;
    const [only, ...others] = tablesThatHold(table);
    if (told !== undefined && (only === undefined || [only, ...others].some((name) => name === told))) return told;
    return only !== undefined && others.length === 0 ? only : UNKNOWN_TABLE;
  });
}

/** Why a text cannot be a listing at all; undefined for text that may be one. */
export function whyNoText(text: string): { readonly code: string; readonly message: string } | undefined {
  if (text.trim() === '') return { code: 'snapshot/empty', message: 'is empty' };
  const start = text.slice(0, LOOKED_AT);
  // A NUL or bytes that are not UTF-8 (lone surrogates after decoding) in bulk: no tool prints them.
  const strange = [...start].filter((character) => character === '\0' || /[\uDC80-\uDCFF]/.test(character)).length;
  if (start.includes('\0') || strange > start.length / 10) return { code: 'snapshot/binary', message: 'is binary, not text' };
  return undefined;
}
