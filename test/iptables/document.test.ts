import { decode } from '@netdrift/core';
import { openIptables, parseIptables, type Chain, type IptablesValue } from '@netdrift/iptables';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { indexListing } from '../../packages/iptables/src/listing/listing-index.ts';
import { corpusBytes, describeCorpus } from '../support/corpus.ts';
import { expectLinear } from '../support/growth.ts';
import { shareOf } from '../support/share.ts';
import { listingFiles, saveFiles } from './corpus-files.ts';

const captured = (name: string): string => readFileSync(new URL(`../../fixtures/demo/before/${name}`, import.meta.url), 'utf8');

function chainsOf(value: IptablesValue): readonly Chain[] {
  return value.kind === 'ToolError' ? [] : value.tables.flatMap(({ chains }) => chains);
}

/** Expects a document of a text to give what the tree of the text holds. */
function expectEqual(input: string | Uint8Array, name?: string): void {
  const document = openIptables(input);
  const { value, diagnostics } = parseIptables(input);
  const chains = chainsOf(value);
  const places = Array.from({ length: document.chainCount }, (_, index) => index);
  expect(
    places.map((place) => document.chain(place)),
    name,
  ).toEqual(chains);
  expect(
    places.map((place) => document.chainName(place)),
    name,
  ).toEqual(chains.map((chain) => chain.name));
  expect([document.value, document.diagnostics], name).toEqual([value, diagnostics]);
}

describe('a document', () => {
  it('of a listing gives the chains of its tree, each when it is asked for', () => {
    for (const name of ['iptables-nat-nL.txt', 'iptables-nat-nvL.txt', 'iptables-filter-nL.txt']) {
      expect(indexListing(captured(name)), name).toBeDefined();
      expectEqual(captured(name), name);
      expectEqual(new TextEncoder().encode(captured(name)), name);
    }
    const both = captured('iptables-nat-nL.txt') + captured('iptables-filter-nL.txt');
    expect(indexListing(both)?.tables).toHaveLength(2);
    expectEqual(both);
  });

  it('of a save, of an error and of no text gives what their trees hold', () => {
    for (const text of [captured('iptables-save.txt'), 'iptables: No chain/target/match by that name.\n', '']) expectEqual(text);
  });

  it('gives chains with text that nobody knows in time that grows no faster than the text', () => {
    const titles = 'target     prot opt source               destination         \n';
    const rule = 'IMQ        all  --  0.0.0.0/0            0.0.0.0/0            IMQ: todev 0\n';
    expectLinear((count) => {
      const chains = Array.from({ length: count }, (_, index) => `Chain C${index} (1 references)\n${titles}${rule}\n`);
      const document = openIptables(chains.join(''));
      for (let index = 0; index < document.chainCount; index += 1) document.chain(index);
    }, 200);
  });

  it('has no chain beyond the last', () => {
    const document = openIptables(captured('iptables-nat-nL.txt'));
    const beyond = [-1, document.chainCount, 0.5];
    expect(beyond.map((index) => [document.chain(index), document.chainName(index)])).toEqual(beyond.map(() => [undefined, undefined]));
  });

  it('gives what the tree holds wherever a listing is damaged', () => {
    const texts = [captured('iptables-nat-nL.txt'), captured('iptables-nat-nvL.txt')];
    const piece = fc.constantFrom(
      ...['/* ', '*/', ' /* x', '/* */', '\n', '...\n', '"', '# ', '\r', 'to:', 'unknown words', 'libiptc v1.8\n', '\nChain Y'],
      ...['Chain INPUT (1 references)\n', '  Chain Z (2 references)\n', 'target     prot opt source               destination         \n'],
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(9), piece, (text, place, cut, put) => {
        const at = Math.floor(place * text.length);
        expectEqual(text.slice(0, at) + put + text.slice(at + cut));
      }),
      { numRuns: 150 },
    );
  });
});

describeCorpus('iptables/scenarios', 'a document of a capture', () => {
  it('gives the chains of its tree', () => {
    const files = shareOf(
      [...listingFiles(), ...saveFiles()].filter((path) => !path.includes('iptables-mode-5000')),
      60,
    );
    for (const path of files) expectEqual(corpusBytes(path), path);
    const indexed = files.filter((path) => indexListing(decode(corpusBytes(path))) !== undefined);
    console.log(`document = tree: ${files.length} files, ${indexed.length} of them opened without reading their rules`);
    expect(indexed.length).toBeGreaterThan(20);
  });
});
