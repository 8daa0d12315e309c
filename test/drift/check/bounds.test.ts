import { checkSnapshot, readSnapshot, renderCheckMarkdown, renderCheckText } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';

const save = (rules: readonly string[]): string =>
  `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;
const checked = (rules: readonly string[]): ReturnType<typeof checkSnapshot> =>
  checkSnapshot(readSnapshot([{ name: 'iptables-save.txt', content: save(rules) }]));

/** Rules that no field tells apart, and that leave packets to those behind them. */
const lengths = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `-m length --length ${at + 1}:65535 -m ttl --ttl-eq ${at % 200}`);

describe('what is not looked at for dead and needless rules', () => {
  it('is said of rules behind one', () => {
    const rules = (count: number): string[] => ['-s 10.1.0.0/16 -p tcp -j ACCEPT', ...lengths(count), '-s 10.0.0.0/8 -j ACCEPT'];
    expect(checked(rules(127)).assumptions).toBeUndefined();
    expect(checked(rules(127)).findings.map(({ id }) => id)).toEqual(['lint.iptables.redundant-before-wider']);
    expect(checked(rules(128)).assumptions).toEqual([
      'rule 1 of filter INPUT has an effect: of the rules behind that may meet the same packets 128 were looked at',
    ]);
  });

  it('is said of rules before one that may take its packets together', () => {
    const ports = (count: number): string[] =>
      Array.from({ length: count }, (_, at) => `-p tcp -m tcp --dport ${at * 100}:${at * 100 + 99} -j DROP`);
    const rules = (count: number): string[] => [...ports(count), '-p tcp -m tcp --dport 0:9999 -j ACCEPT'];
    expect(checked(rules(64)).assumptions).toBeUndefined();
    expect(checked(rules(65)).assumptions).toEqual([
      'rule 66 of filter INPUT can match: whether more than 64 rules before take all packets of it together was not looked at',
    ]);
  });

  it('is said in every format', () => {
    const report = checked(['-s 10.1.0.0/16 -p tcp -j ACCEPT', ...lengths(200), '-s 10.0.0.0/8 -j ACCEPT']);
    const text = 'of the rules behind that may meet the same packets 128 were looked at';
    for (const shown of [renderCheckText(report), renderCheckMarkdown(report), JSON.stringify(report)]) expect(shown).toContain(text);
  });
});
