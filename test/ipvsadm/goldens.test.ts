import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseIpvsadm, printIpvsadm } from '@netdrift/ipvsadm';
import { describe, expect, it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { withoutSpans } from './corpus-outputs.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

const paths = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.startsWith('ipvsadm-') && path.endsWith('.txt'))
  .map((path) => path.replaceAll('\\', '/'))
  .sort();

describe('the fixtures of ipvsadm', () => {
  it('are of every version from 1.25 to 1.31 that was captured', () => {
    expect([...new Set(paths.map((path) => path.split('/')[0]))]).toEqual([
      'ipvsadm-1.25',
      'ipvsadm-1.26',
      'ipvsadm-1.27',
      'ipvsadm-1.28',
      'ipvsadm-1.29',
      'ipvsadm-1.31',
    ]);
  });

  it('each say where they come from', () => {
    const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))));
    expect([...folders].filter((folder) => !existsSync(`${fixtures}${folder}/SOURCE`))).toEqual([]);
  });

  for (const path of paths) {
    it(`${path} gives the expected tree and prints back`, () => {
      const text = readFileSync(fixtures + path, 'utf8');
      const { value, diagnostics } = parseIpvsadm(text);
      expect(printIpvsadm(withoutSpans(value))).toBe(text);
      expectGolden(`fixtures/${path.replace(/\.txt$/, '.json')}`, `${nodeToALine({ value, diagnostics }, '')}\n`);
    });
  }
});

/** JSON with each object of a list on a line of its own: one node, one line. */
function nodeToALine(part: unknown, indent: string): string {
  if (typeof part !== 'object' || part === null) return JSON.stringify(part);
  if (!Array.isArray(part)) {
    return `{${Object.entries(part)
      .map(([key, value]) => `${JSON.stringify(key)}: ${nodeToALine(value, indent)}`)
      .join(', ')}}`;
  }
  if (part.length === 0 || typeof part[0] !== 'object') return JSON.stringify(part);
  return `[\n${part.map((each) => `${indent}  ${nodeToALine(each, `${indent}  `)}`).join(',\n')}\n${indent}]`;
}
