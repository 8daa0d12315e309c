import { CATALOGUE, FINDING_CATALOGUE } from '@netdrift/drift';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';

it('docs/changes.md lists the catalogue of changes as the code has it', () => {
  const rows = [...CATALOGUE.values()].map(
    ({ id, severity, title, why, mirror }) => `| \`${id}\` | ${severity} | ${title} | ${why} | ${mirror === id ? '' : `\`${mirror}\``} |`,
  );
  const text = [
    '# Kinds of changes',
    '',
    'Every change of a report has one of these ids. An id keeps its meaning for ever; a new meaning gets a new id. `by effect` = the severity comes from what',
    'happens to traffic. The last column names the change in the other direction, where it is another id. Written by `test/drift/docs.test.ts`.',
    '',
    '| id | severity | what happened | what it means | other direction |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
  expectGolden('docs/changes.md', text.join('\n'));
});

it('docs/check.md lists the findings as the code has them', () => {
  const rows = FINDING_CATALOGUE.map(({ id, severity, title, why }) => `| \`${id}\` | ${severity} | ${title} | ${why} |`);
  const table = ['| id | severity | what is so | what it means |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const text = readFileSync(fileURLToPath(new URL('../../docs/check.md', import.meta.url)), 'utf8');
  expectGolden(
    'docs/check.md',
    text.replace(/(?<=<!-- findings -->\n)[\s\S]*(?=<!-- \/findings -->)/, () => `\n${table}\n\n`),
  );
});

it('docs/diff.md lists the causes that a judge gives, and no other', () => {
  const judges = fileURLToPath(new URL('../../packages/drift/src/judge/', import.meta.url));
  const given = new Set(
    readdirSync(judges, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        [...readFileSync(judges + name, 'utf8').matchAll(/['`](cause\.[a-z-]+)(\$\{how\})?/g)].flatMap(([, id = '', how]) =>
          how === undefined ? [id] : [`${id}added`, `${id}removed`],
        ),
      ),
  );
  const text = readFileSync(fileURLToPath(new URL('../../docs/diff.md', import.meta.url)), 'utf8');
  expect([...text.matchAll(/`(cause\.[a-z-]+)`/g)].map(([, id]) => id).sort()).toEqual([...given].sort());
});
