import { readTranscript } from '@netdrift/core';
import { describe, expect, it } from 'vitest';
import { expectLinear } from '../../support/growth.ts';

const ROW = 'KUBE-SVC-X  tcp  --  0.0.0.0/0            10.101.28.148        /* default/x:http cluster IP */ tcp dpt:3080\n';
const TITLES = 'Chain KUBE-SERVICES (2 references)\ntarget     prot opt source               destination         \n';
const KLOG = 'I0102 03:04:05.000000       1 proxier.go:12] ';

/** Texts made to be expensive, by how many times their part is repeated. */
const texts: Record<string, (count: number) => string> = {
  'a listing': (count) => TITLES + ROW.repeat(count),
  'an indented listing': (count) => `    ${TITLES.trimEnd().replace('\n', '\n    ')}\n${`    ${ROW}`.repeat(count)}`,
  'comments that do not end': (count) => TITLES + ROW.replace('*/', '').repeat(count),
  'quotes that do not end': (count) => `*nat\n${'-A X -m comment --comment "a -j Y\n'.repeat(count)}`,
  'brackets that do not end': (count) => '{ "kind": "x"\n'.repeat(count),
  'logs of refused rules': (count) =>
    'E0723 07:41:15.295733     243 proxier.go:1234] Failed to execute iptables-restore: x\nRules:\n*nat\n'.repeat(count),
  'chains of one name': (count) => 'Chain a (0 references)\n'.repeat(count),
  'prefixes without an output': (count) => '> # | 12: x: [pod/a] + ` - // x | y | z: \n'.repeat(count),
  remarks: (count) => TITLES + `${ROW.trimEnd()}  <---- here\n`.repeat(count),
  colours: (count) => TITLES + `\u001b[31m${ROW.trimEnd()}\u001b[m\n`.repeat(count),
  entities: (count) => `<pre>\n${'-&gt; &gt;&gt;&amp;<b>\n'.repeat(count)}`,
  'escapes of a JSON string': (count) => `"a": "${'Prot\\nProt LocalAddress:Port\\n'.repeat(count)}"`,
  'a listing behind prefixes of klog': (count) => `${KLOG}${TITLES.trimEnd().replace('\n', `\n${KLOG}`)}\n${(KLOG + ROW).repeat(count)}`,
  'messages of a log between the rows of a listing': (count) =>
    `${KLOG}Prot LocalAddress:Port Scheduler Flags\n${`${KLOG}TCP  10.0.0.1:80 rr\n${KLOG}synced\n${KLOG}synced again\n`.repeat(count)}`,
  'prefixes of klog alone': (count) => `${KLOG.repeat(9)}\n`.repeat(count),
  'one long line': (count) => 'x '.repeat(count * 20),
  blanks: (count) => ' '.repeat(count * 20),
  'blank lines inside a listing': (count) => `${TITLES}${'\n'.repeat(count)}${ROW}`,
};

describe('the time to read a transcript', () => {
  for (const [name, make] of Object.entries(texts)) {
    it(`grows with the text and no faster: ${name}`, () => {
      expectLinear((count) => void readTranscript(make(count)), 2_000);
    });
  }

  it('is limited by the number of sections and the length of lines', () => {
    const many = readTranscript('Chain a (0 references)\n'.repeat(10_003));
    expect([many.sections.length, many.setAside.map(({ reason }) => reason)]).toEqual([10_000, ['too-many-sections']]);
    const long = readTranscript(`${TITLES}${'x'.repeat(1_048_577)}\n${ROW}`);
    expect(long.setAside.map(({ reason }) => reason)).toEqual(['long-line']);
  });
});
