import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MATCHES } from '../../../packages/iptables/src/matches/table.ts';
import { TARGETS } from '../../../packages/iptables/src/targets/table.ts';
import { MATCH_MODELS } from '../../../packages/drift/src/world/iptables/matches.ts';
import { TARGET_MODELS } from '../../../packages/drift/src/world/iptables/targets/targets.ts';
import { expectGolden } from '../../support/golden.ts';

const WORDS = { modelled: 'yes', partly: 'in part', effect: 'effect', unknown: 'no' } as const;

it('every match and target that is parsed is either followed or a question with a reason', () => {
  expect(Object.keys(MATCH_MODELS).sort()).toEqual([...MATCHES.map(({ kind }) => kind), 'UnknownMatch'].sort());
  expect(Object.keys(TARGET_MODELS).sort()).toEqual(
    [...TARGETS.map(({ kind }) => kind), 'ChainTarget', 'UnknownTarget', 'VerdictTarget'].sort(),
  );
});

it('docs/trace.md lists them as the code has them', () => {
  const matches = MATCHES.map(
    ({ name, kind }) => `| \`-m ${name}\` | ${WORDS[MATCH_MODELS[kind].model]} | ${MATCH_MODELS[kind].note} |`,
  ).sort();
  const targets = TARGETS.map(
    ({ name, kind }) => `| \`-j ${name}\` | ${WORDS[TARGET_MODELS[kind].model]} | ${TARGET_MODELS[kind].note} |`,
  ).sort();
  const verdicts = TARGET_MODELS.VerdictTarget.note;
  const table = [
    '| match or target | followed | note |',
    '| --- | --- | --- |',
    '| `-p`, `-s`, `-d`, `-i`, `-o` | yes | protocol, addresses, interfaces; masks with many holes and names stay questions |',
    ...matches,
    `| verdicts, chains | yes | ${verdicts} |`,
    ...targets,
  ].join('\n');
  const text = readFileSync(fileURLToPath(new URL('../../../docs/trace.md', import.meta.url)), 'utf8');
  expectGolden(
    'docs/trace.md',
    text.replace(/(?<=<!-- models -->\n)[\s\S]*(?=<!-- \/models -->)/, () => `\n${table}\n\n`),
  );
});
