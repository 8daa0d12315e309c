import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';

const PACKAGES = new URL('../../packages/', import.meta.url);
const MOST = 20;

/** Why a folder has more files than a reader takes in at once. */
const REASONS: { readonly [Folder in string]: string } = {
  'core/src/transcript/edits': 'a file a way in which people change a paste',
  'core/src/transcript/formats': 'a file an output, and formats.ts lists them',
  'drift/src/check': 'a file a subject of findings, and rules.ts lists them',
  'drift/src/judge/rules': 'a file a story that is told of rules',
  'drift/src/judge/services': 'a file a story that is told of services',
  'drift/src/read': 'the way from a text to a snapshot; what has a subject of its own has a folder there',
  'drift/src/services': 'the way from a world to the table of services',
  'drift/src/state': 'a file a part of the model',
  'ipset/src': 'a parser as a whole: what is read, how it is read, how it is printed',
  'iptables/src/matches': 'a file a match, and table.ts lists them',
  'iptables/src/targets': 'a file a target, and table.ts lists them',
  'ipvsadm/src': 'a parser as a whole: what is read, how it is read, how it is printed',
};

it(`a folder has at most ${MOST} files, or a reason`, () => {
  const counts = new Map<string, number>();
  for (const name of readdirSync(PACKAGES, { recursive: true, encoding: 'utf8' }))
    if (/^\w+\/src\/.*\.ts$/.test(name)) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1);
  expect([...counts].flatMap(([folder, count]) => (count > MOST ? [folder] : [])).sort()).toEqual(Object.keys(REASONS));
});
