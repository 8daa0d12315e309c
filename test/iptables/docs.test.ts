import * as iptables from '@netdrift/iptables';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readmeExamples, runExample } from '../support/readme-example.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(repository + path, 'utf8');

describe('the pages about iptables', () => {
  it('show what their example prints', () => {
    const examples = readmeExamples('packages/iptables/README.md');
    expect(examples.map((example) => runExample(example, { '@netdrift/iptables': iptables }))).toEqual(examples.map(({ shown }) => shown));
    expect(examples.length).toBe(1);
  });

  it('list every diagnostic with its severity and meaning', () => {
    const page = read('docs/iptables.md');
    const rows = Object.entries(iptables.iptablesDiagnostics).map(
      ([code, { severity, meaning }]) => `| \`${code}\` | ${severity} | ${meaning} |`,
    );
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
    expect(page.match(/^\| `iptables\//gm)?.length).toBe(rows.length);
  });

  it('show an extension file as it is', () => {
    const shown = /```ts\n([\s\S]*?)```/.exec(read('docs/add-an-iptables-extension.md'))?.[1];
    expect(shown).toBe(read('packages/iptables/src/matches/realm.ts'));
  });
});
