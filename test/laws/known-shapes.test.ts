import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, keepShapes, readTranscript, type LearnedShape, type LineGrammar } from '@netdrift/core';
import { parseSection } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { grammar as ipsetGrammar } from '../../packages/ipset/src/grammar.ts';
import { HEADER_GRAMMAR } from '../../packages/iptables/src/header-grammar.ts';
import { LISTING_GRAMMAR } from '../../packages/iptables/src/listing/listing-grammar.ts';
import { SAVE_GRAMMAR } from '../../packages/iptables/src/save/save-grammar.ts';
import { connectionsGrammar } from '../../packages/ipvsadm/src/connections/grammar.ts';
import { listingGrammar } from '../../packages/ipvsadm/src/listing/grammar.ts';
import { saveGrammar } from '../../packages/ipvsadm/src/save/grammar.ts';
import { statusGrammar } from '../../packages/ipvsadm/src/status/grammar.ts';
import { grammar as modulesGrammar } from '../../packages/modules/src/grammar.ts';
import { fixedIptablesRules } from '../../packages/drift/src/desired/iptables/iptables-rules.ts';
import { desiredRules } from '../../packages/drift/src/desired/ipvs/ipvs-rules.ts';
import type { ProxySettings } from '../../packages/drift/src/desired/settings.ts';
import { CATALOGUE_SETS, setName } from '../../packages/drift/src/proxy/names/set-catalogue.ts';
import { corpusBytes, corpusFiles } from '../support/corpus.ts';

/** The grammars, each by the file below `packages` that keeps its shapes. */
const GRAMMARS: Readonly<Record<string, LineGrammar<unknown>>> = {
  'iptables/src/known/listing.ts': LISTING_GRAMMAR,
  'iptables/src/known/save.ts': SAVE_GRAMMAR,
  'iptables/src/known/headers.ts': HEADER_GRAMMAR,
  'ipvsadm/src/known/listing.ts': listingGrammar,
  'ipvsadm/src/known/save.ts': saveGrammar,
  'ipvsadm/src/known/status.ts': statusGrammar,
  'ipvsadm/src/known/connections.ts': connectionsGrammar,
  'ipset/src/known/lines.ts': ipsetGrammar,
  'modules/src/known/lines.ts': modulesGrammar,
};

const repository = fileURLToPath(new URL('../../', import.meta.url));
const names = Object.keys(GRAMMARS);
const updates = process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined;

/** What the grammars make of the shapes that are kept, and then, with nothing known, what is learned below. */
const relearned = new Map(names.map((name) => [name, GRAMMARS[name]?.relearn() ?? []]));
const learned = new Map(names.map((name) => [name, GRAMMARS[name]?.forget() ?? []]));

function readAll(bytes: Uint8Array): void {
  for (const section of readTranscript(decode(bytes)).sections) parseSection(section);
}

const spelled = ({ tokens, decisions }: LearnedShape): string => `${tokens.join(' · ')} → ${decisions}`;

/** Of each grammar, what was learned and is not kept. */
function missing(): string[] {
  return names.flatMap((name) => {
    const known = new Set(relearned.get(name)?.map(spelled));
    return [...new Set(learned.get(name)?.map(spelled))].filter((shape) => !known.has(shape)).map((shape) => `${name}: ${shape}`);
  });
}

/** Writes what is kept and still current, and what was learned. */
function update(): void {
  for (const name of names) {
    const { tokens, shapes } = keepShapes([...(relearned.get(name) ?? []), ...(learned.get(name) ?? [])], GRAMMARS[name]?.known);
    const path = join(repository, 'packages', name);
    const list = tokens.map((token) => `    ${token.includes("'") ? JSON.stringify(token) : `'${token}'`},\n`).join('');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/ tokens: \[[\s\S]*$/, () => ` tokens: [\n${list}  ],\n  shapes: \`${shapes}\`,\n};\n`),
    );
  }
}

const readFixtures = (): void => {
  for (const path of readdirSync(join(repository, 'fixtures'), { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.txt')) readAll(readFileSync(join(repository, 'fixtures', path)));
  }
};

/** The rules that netdrift computes for kube-proxy and reads: with every set in use, at versions that write other rules. */
function readDesiredRules(): void {
  const [ipv4, ipv6] = ['10.244.0.0/16', 'fd00:10:244::/56'];
  const pods: readonly Partial<ProxySettings>[] = [
    { podRanges: [ipv4, ipv6] },
    { masqueradeAll: true },
    { podInterface: { bridge: 'cni0' } },
    {},
  ];
  for (const minor of [20, 23, 24, 25, 26, 28, 29, 30]) {
    for (const given of pods) {
      const settings: ProxySettings = {
        mode: 'ipvs',
        minor,
        nodeName: '',
        nodeAddresses: [],
        podRanges: [],
        masqueradeAll: false,
        ...given,
      };
      const texts = (['ipv4', 'ipv6'] as const).map((family) => {
        const sets = CATALOGUE_SETS.map(({ name, type, role }) => ({
          name: setName(name, family),
          type,
          role,
          family,
          members: new Map([['one', []]]),
        }));
        return desiredRules({ services: [], addresses: new Map(), sets, ports: [] }, family, settings);
      });
      for (const lines of [...texts, fixedIptablesRules(settings)]) {
        const text = lines.flatMap((line) => (line === '*filter' ? ['COMMIT', line] : [line])).join('\n');
        readAll(new TextEncoder().encode(`${text}\nCOMMIT\n`));
      }
    }
  }
}

if (updates) {
  it('are kept, of the corpus too where there is one', () => {
    readFixtures();
    readDesiredRules();
    for (const path of corpusFiles('.')) if (path.endsWith('.txt')) readAll(corpusBytes(path));
    update();
  });
} else {
  describe('shapes of lines that are known without the grammar', () => {
    it('are read by the grammar as they are kept', () => {
      for (const name of names) expect(keepShapes(relearned.get(name) ?? [], GRAMMARS[name]?.known), name).toEqual(GRAMMARS[name]?.known);
    });

    it('are those of every fixture, and of the rules that kube-proxy is expected to write', () => {
      readFixtures();
      readDesiredRules();
      expect(missing()).toEqual([]);
    });
  });
}
