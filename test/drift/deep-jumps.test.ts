import { checkSnapshot, diffSnapshots, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const DEPTH = 10_000;

/** `iptables-save` of chains that jump from one into the next; the last one does `end`. */
function jumps(end: string): string {
  const names = Array.from({ length: DEPTH }, (_, index) => `C${index}`);
  const rules = names.map((name, index) => `-A ${name} -j ${index + 1 < DEPTH ? `C${index + 1}` : end}`);
  return [
    '*filter',
    ':INPUT ACCEPT [0:0]',
    ':FORWARD ACCEPT [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...names.map((name) => `:${name} - [0:0]`),
    '-A INPUT -j C0',
    ...rules,
    'COMMIT',
    '',
  ].join('\n');
}

describe('chains that jump into one another thousands deep', () => {
  const read = (end: string) => readSnapshot([{ name: 'iptables-save.txt', content: jumps(end) }]);

  it('are compared without following them to the end, and what changed there is never "no change"', () => {
    expect(['no-change', 'no-effect']).not.toContain(diffSnapshots(read('DROP'), read('ACCEPT')).verdict);
  });

  it('are checked', () => {
    expect(checkSnapshot(read('DROP')).troubles).toEqual([]);
  });
});
