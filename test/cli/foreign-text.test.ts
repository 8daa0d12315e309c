import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';
import { FOREIGN_TEXTS } from '../support/foreign-texts.ts';

beforeAll(buildCli, 120_000);

describe('a file that is no output of a known tool', () => {
  it.each(Object.entries(FOREIGN_TEXTS))('%s is refused by parse with 2 and a sentence', (_name, text) => {
    const { status, stderr } = netdrift(['parse', 'notes.txt'], { cwd: folderOf({ 'notes.txt': text }) });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'netdrift: notes.txt: holds no output of a known tool\n' });
  });

  it('is refused by parse --format jsonl too, and by diff, check and explain', () => {
    const cwd = folderOf({ 'notes.txt': FOREIGN_TEXTS['kubectl get deployments'] ?? '' });
    expect(netdrift(['parse', '--format', 'jsonl', 'notes.txt'], { cwd })).toMatchObject({
      status: 2,
      stderr: 'netdrift: notes.txt: holds no output of a known tool\n',
    });
    const sentence =
      'netdrift: notes.txt: is no output of a known tool; needed is what ipvsadm -ln, iptables-save, ipset list, nft list ruleset or lsmod printed\n';
    expect(netdrift(['diff', 'notes.txt', 'notes.txt'], { cwd })).toMatchObject({ status: 2, stderr: sentence + sentence });
    for (const command of ['check', 'explain'])
      expect(netdrift([command, 'notes.txt'], { cwd })).toMatchObject({ status: 2, stderr: sentence });
  });
});
