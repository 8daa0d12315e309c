import { parseNetwork } from '@netdrift/core';
import type { Named, TargetExtension } from './extension.ts';
import { joinOptions, listedRow, savedRow, type Row, type RowWord } from './row.ts';
import { noteSpelling } from './rule/rule-line.ts';

/** Both prefixes as networks, `fd00::/64`. */
export interface PrefixTranslation {
  readonly source: string;
  readonly destination: string;
}

const PREFIX = {
  expected: 'an IPv6 prefix',
  decode(text: string): string | undefined {
    const network = parseNetwork(text);
    return network !== undefined && 'prefixLength' in network ? `${network.address}/${network.prefixLength}` : undefined;
  },
};

const OLD = 'prefix-translation-unnamed';

/** `-j SNPT` and `-j DNPT`, which differ in their names alone. 1.4.21 prints no name, and a blank at the end. */
export function prefixTranslation<N extends Named & PrefixTranslation>(name: N['name'], kind: N['kind']): TargetExtension<N> {
  const build = (row: Row, source: string, destination: string): N =>
    // The node is made of exactly these keys; its type adds nothing.
    ({ kind, name, source: row.read(source, PREFIX) ?? '', destination: row.read(destination, PREFIX) ?? '' }) as unknown as N;
  const start = `${name} src-pfx`;
  const starts: readonly RowWord[] = [
    { word: start, takes: 1 },
    { word: 'src-pfx', takes: 1 },
  ];
  return {
    type: 'target',
    name,
    kind,
    listing: listedRow(starts, [{ word: 'dst-pfx', takes: 1 }], (row) => {
      const isOld = row.has('src-pfx');
      if (isOld) noteSpelling(row.line, OLD);
      return build(row, isOld ? 'src-pfx' : start, 'dst-pfx');
    }),
    print({ source, destination }, { spells }) {
      const text = `src-pfx ${source} dst-pfx ${destination}`;
      return spells(OLD) ? `${text} ` : `${name} ${text}`;
    },
    joined: ({ spells }) => spells(OLD),
    save: savedRow(['--src-pfx', '--dst-pfx'], (row) => build(row, '--src-pfx', '--dst-pfx')),
    printSave: ({ source, destination }) => joinOptions(`--src-pfx ${source}`, `--dst-pfx ${destination}`),
    samples: [`${name} src-pfx fd00:1::/64 dst-pfx fd00:2::/64`],
  };
}
