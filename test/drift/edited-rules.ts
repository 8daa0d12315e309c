import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diffSnapshots, readSnapshot, type Report } from '@netdrift/drift';

/** A real `iptables -t nat -nL` in iptables mode. */
export const NAT = readFileSync(
  fileURLToPath(new URL('../../fixtures/drift/iptables/no-change/before/nat.nL.txt', import.meta.url)),
  'utf8',
);

/** One chain of an `iptables -t nat -nL` listing: its header and its rules. */
interface Listed {
  readonly name: string;
  readonly head: string;
  readonly rules: string[];
}

/** Compares a real nat listing with what an edit of its chains makes of it; references are counted anew, as iptables does. */
export function editedNat(edit: (rulesOf: (chain: string) => string[]) => void): { readonly report: Report; readonly mirrored: Report } {
  const chains = NAT.trimEnd()
    .split('\n\n')
    .map((block): Listed => {
      const [head = '', columns = '', ...rules] = block.split('\n');
      return { name: head.split(' ')[1] ?? '', head: `${head}\n${columns}`, rules };
    });
  edit((chain) => chains.find(({ name }) => name === chain)?.rules ?? []);
  const references = new Map<string, number>();
  for (const { rules } of chains)
    for (const rule of rules) references.set(rule.split(' ')[0] ?? '', (references.get(rule.split(' ')[0] ?? '') ?? 0) + 1);
  const after = chains
    .map(({ name, head, rules }) => [head.replace(/\(\d+ references\)/, `(${references.get(name) ?? 0} references)`), ...rules].join('\n'))
    .join('\n\n');
  const [one, other] = [NAT, `${after}\n`].map((content) => readSnapshot([{ name: 'nat.nL.txt', content }])) as [
    ReturnType<typeof readSnapshot>,
    ReturnType<typeof readSnapshot>,
  ];
  return { report: diffSnapshots(one, other), mirrored: diffSnapshots(other, one) };
}

/** `severity id: text` of every change above none, in the order of the report. */
export function told({ changes }: Report): string[] {
  return changes.filter(({ severity }) => severity !== 'none').map(({ severity, id, text }) => `${severity} ${id}: ${text}`);
}
