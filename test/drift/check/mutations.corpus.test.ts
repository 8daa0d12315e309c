import { expect, it } from 'vitest';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { mutate, snapshotOf, type Subject, subjectOf, UNFIT, type Verdict, verdictOf } from '../../support/mutations.ts';
import { settingsOf } from '../../support/proxy-settings.ts';
import { captures } from '../../support/scenario.ts';

/** How many mutations are made in each mode; NETDRIFT_MUTATIONS=2000 is the whole law. */
const COUNT = Number(process.env['NETDRIFT_MUTATIONS'] ?? 12);

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function source(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describeCorpus('kube-proxy-modes', 'a node or cluster changed in one thing', () => {
  it.each(['ipvs', 'iptables', 'nftables'] as const)(
    'is found once, by its name, and what changes nothing is silent, in %s mode',
    (mode) => {
      const folders = ['kube-proxy', 'kube-proxy-modes', 'kube-proxy-nftables'] as const;
      const all = folders
        .flatMap((folder) => captures(folder))
        .filter((capture) => !UNFIT.has(capture.name) && !capture.step.startsWith('after-cleanup') && settingsOf(capture).mode === mode);
      const random = source(Number(process.env['NETDRIFT_FUZZ_SEED'] ?? 1));
      const subjects = new Map<string, Subject>();
      const verdicts = new Map<Verdict, number>();
      const wrong: string[] = [];
      for (let made = 0; made < COUNT;) {
        const capture = all[Math.floor(random() * all.length)];
        if (capture === undefined) return expect.fail('there is no capture');
        const subject = subjects.get(capture.name) ?? subjectOf(capture);
        subjects.set(capture.name, subject);
        const mutation = mutate(subject, random);
        if (mutation === undefined) continue;
        made++;
        const findings = checkSnapshot(snapshotOf(mutation.files)).findings.filter(({ severity }) => severity !== 'none');
        const verdict = verdictOf(mutation, findings);
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
        if (verdict !== 'found' && verdict !== 'silent' && verdict !== 'open')
          wrong.push(`${verdict}: ${capture.name}, ${mutation.text}: ${findings.map(({ text }) => text).join('; ')}`);
      }
      if (process.env['NETDRIFT_MUTATIONS'] !== undefined)
        process.stdout.write(`${mode}: ${JSON.stringify(Object.fromEntries(verdicts))}\n${wrong.join('\n')}\n`);
      expect(wrong).toEqual([]);
    },
    3_600_000,
  );
});
