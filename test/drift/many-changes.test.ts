import { expect, it } from 'vitest';
import { diffSnapshots, readSnapshot, renderMarkdown } from '@netdrift/drift';

/** More than fit on the stack as arguments of one call. */
const MEMBERS = 130_000;

it('a set that loses more members than a call takes arguments is compared', () => {
  const create = 'create BLOCKED hash:ip family inet hashsize 1024 maxelem 1000000\n';
  const adds = Array.from({ length: MEMBERS }, (_, index) => `add BLOCKED 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}\n`);
  const [before, after] = [create + adds.join(''), create].map((content) => readSnapshot([{ name: 'ipset-save.txt', content }]));
  if (before === undefined || after === undefined) throw new Error('there are two sides');
  const report = diffSnapshots(before, after);
  expect(report.changes.map(({ id }) => id)).toEqual(Array.from({ length: MEMBERS }, () => 'ipset.member.removed'));
  expect(renderMarkdown(report).length).toBeLessThanOrEqual(60_000);
});
