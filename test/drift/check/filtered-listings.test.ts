import { checkSnapshot, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { snapshotFiles } from '../support.ts';

const [save = ''] = snapshotFiles('fixtures/three-modes/iptables').flatMap(({ name, content }) =>
  name === 'iptables-save.txt' ? [Buffer.from(content).toString()] : [],
);
const lines = (has: string): string =>
  `${save
    .split('\n')
    .filter((line) => line.includes(has))
    .join('\n')}\n`;

const told = (name: string, content: string): string[] => checkSnapshot(readSnapshot([{ name, content }])).findings.map(({ id }) => id);

describe('a listing that went through grep', () => {
  it('lacks no chain that a jump leads to, whether the command says so or the text', () => {
    expect(told('terminal.txt', `$ iptables-save | grep KUBE-SERVICES\n${lines('KUBE-SERVICES')}`)).toEqual([]);
    expect(told('iptables-save.txt', lines('KUBE-SERVICES'))).toEqual([]);
  });

  it('lacks no references to a chain', () => {
    const listing =
      'Chain KUBE-SERVICES (2 references)\ntarget     prot opt source               destination\nKUBE-MARK-MASQ  all  --  0.0.0.0/0            0.0.0.0/0\n';
    expect(told('terminal.txt', `# iptables -t nat -L -n | grep -A 20 "Chain KUBE-SERVICES"\n${listing}`)).toEqual([]);
    // Nobody says that this one was cut.
    expect(told('terminal.txt', `# iptables -t nat -L -n\n${listing}`)).toEqual([
      'lint.iptables.dangling-jump',
      'lint.iptables.refcount-mismatch',
    ]);
  });
});
