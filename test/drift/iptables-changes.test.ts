import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderMarkdown, renderText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden, expectGoldenJson } from '../support/golden.ts';
import { IPTABLES_CHANGES } from './iptables-changes.ts';
import { changesOf, diffPaths, outline } from './support.ts';

const ROOT = 'fixtures/drift/iptables';

describe('rules changed with iptables', () => {
  it.each(IPTABLES_CHANGES)('%s is told as its goldens', (scenario, _, told) => {
    const folder = `${ROOT}/${scenario}`;
    const report = diffPaths(`${folder}/before`, `${folder}/after`);
    expect(outline(report).filter((line) => scenario !== 'iptables-to-ipvs-mode' || !line.startsWith('none '))).toEqual(told);
    expectGoldenJson(`${folder}/changes.json`, changesOf(report));
    expectGolden(`${folder}/report.txt`, renderText(report));
    expectGolden(`${folder}/report.md`, renderMarkdown(report));
  });

  it('every scenario is listed', () => {
    const folders = readdirSync(fileURLToPath(new URL(`../../${ROOT}`, import.meta.url)));
    expect(folders.sort()).toEqual(IPTABLES_CHANGES.map(([scenario]) => scenario).sort());
  });
});
