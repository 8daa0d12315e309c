import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Explanation, readSnapshot, rendererOf } from '@netdrift/drift';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { renderCheckJson, renderCheckMarkdown, renderCheckText } from '../../../packages/drift/src/render/reports/render-check.ts';
import { explainSnapshot } from '../../../packages/drift/src/explain/explain.ts';
import {
  renderExplanationJson,
  renderExplanationMarkdown,
  renderExplanationText,
} from '../../../packages/drift/src/render/reports/render-explanation.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { expectGolden } from '../../support/golden.ts';
import { captures, snapshotOf } from '../../support/scenario.ts';

const SHOWN = [
  'ipvs-v1.30-kitchen-sink',
  'iptables-v1.20-kitchen-sink',
  'fallback-v1.20-no-ip_vs',
  'fallback-v1.30-no-ip_vs',
  'ipvs-v1.30-dual-stack',
  'ipvs-v1.20-pair-mode-to-iptables/after-cleanup',
];

describeCorpus('kube-proxy', 'explaining real nodes', () => {
  it.each(SHOWN)('tells %s as a person has read it', (name) => {
    const capture = captures().find((candidate) => candidate.name === name);
    if (capture === undefined) return expect.fail(`there is no capture ${name}`);
    const explanation = explainSnapshot(snapshotOf(capture));
    const stem = `fixtures/kubernetes/explain/${name.replace('/', '-')}`;
    expectGolden(`${stem}.txt`, renderExplanationText(explanation));
    if (name === 'ipvs-v1.30-dual-stack') expectGolden(`${stem}.md`, renderExplanationMarkdown(explanation));
  });

  it('tells what an ipvsadm listing alone does not show', () => {
    const capture = captures().find(({ name }) => name === 'ipvs-v1.30-session-affinity');
    if (capture === undefined) return expect.fail('the capture is missing');
    expectGolden(
      'fixtures/kubernetes/explain/ipvsadm-alone.txt',
      renderExplanationText(explainSnapshot(snapshotOf(capture, (file) => file === 'ipvsadm-ln.txt'))),
    );
  });

  it.each(['ipvs-v1.30-pair-manual-drift/drifted', 'fallback-v1.30-no-ip_vs', 'ipvs-v1.30-default'])(
    'shows the report of checking %s',
    (name) => {
      const capture = captures().find((candidate) => candidate.name === name);
      if (capture === undefined) return expect.fail(`there is no capture ${name}`);
      const report = checkSnapshot(snapshotOf(capture));
      const stem = `fixtures/kubernetes/check/report-${name.replace('/', '-')}`;
      expectGolden(`${stem}.txt`, renderCheckText(report));
      expectGolden(`${stem}.md`, renderCheckMarkdown(report));
    },
  );

  it('survives JSON', () => {
    const capture = captures().find(({ name }) => name === 'ipvs-v1.30-kitchen-sink');
    if (capture === undefined) return expect.fail('the capture is missing');
    const snapshot = snapshotOf(capture);
    expect(JSON.parse(renderExplanationJson(explainSnapshot(snapshot)))).toEqual(explainSnapshot(snapshot));
    expect(JSON.parse(renderCheckJson(checkSnapshot(snapshot)))).toEqual(checkSnapshot(snapshot));
  });
});

describe('an explanation', () => {
  const hostile = readSnapshot([
    {
      name: 'nat\u001b[2J.txt',
      content: `Chain PREROUTING (policy ACCEPT)
target     prot opt source               destination
KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination
KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0

Chain POSTROUTING (policy ACCEPT)
target     prot opt source               destination

Chain KUBE-SERVICES (2 references)
target     prot opt source               destination
KUBE-SVC-NPX46M4PTMTKRN6Y  tcp  --  0.0.0.0/0            10.0.0.1             /* a/b:c cluster IP */ tcp dpt:443

Chain KUBE-SVC-NPX46M4PTMTKRN6Y (1 references)
target     prot opt source               destination
__proto__  all  --  0.0.0.0/0            0.0.0.0/0            /* a/b:c\u001b[31m */

Chain __proto__ (1 references)
target     prot opt source               destination
DNAT       tcp  --  0.0.0.0/0            0.0.0.0/0            tcp to:10.0.0.9:443
`,
    },
  ]);

  it('sends no control character of the input to a terminal or a page', () => {
    const texts = [renderExplanationText, renderExplanationMarkdown, renderExplanationJson].map((render) =>
      render(explainSnapshot(hostile)),
    );
    texts.push(...[renderCheckText, renderCheckMarkdown, renderCheckJson].map((render) => render(checkSnapshot(hostile))));
    for (const text of texts) expect([...text].filter((character) => character < ' ' && character !== '\n')).toEqual([]);
    expect(explainSnapshot(hostile).servicePorts[0]?.frontends[0]?.paths[0]?.endpoints).toEqual([{ address: '10.0.0.9:443', share: 1 }]);
  });

  it('of nothing says so', () => {
    expect(renderExplanationText(explainSnapshot(readSnapshot([])))).toBe(
      'nothing in the snapshot tells which proxy mode was asked for and which one runs.\n\nWhat is served is not known: the snapshot shows neither an IPVS table nor a nat table.\n',
    );
  });
});

describe('a snapshot without services', () => {
  it('names the rules that translate destinations, and what is not shown', () => {
    const declared = ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((chain) => `:${chain} ACCEPT [0:0]\n`).join('');
    const forward = (port: number): string =>
      `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${port} -j DNAT --to-destination 172.17.0.2:80\n`;
    const rules = `-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n${[8080, 8081, 8082, 8083].map(forward).join('')}`;
    const content = `*nat\n${declared}:DOCKER - [0:0]\n${rules}COMMIT\n`;
    expect(explainSnapshot(readSnapshot([{ name: 'iptables-save.txt', content }])).noServices).toBe(
      'No service is served by nat, and no IPVS table is shown; rules that translate destinations: DOCKER#1, DOCKER#2, DOCKER#3 and 1 more',
    );
  });
});

/** The notes of the page that tells an explanation. */
function pageNotes(explanation: Explanation): string[] {
  const page = rendererOf('html')?.render(explanation) ?? '';
  return [...page.matchAll(/<p>Note: ([^<]*)\.<\/p>/g)].map(([, note]) => note ?? '');
}

describe('the page of an explanation', () => {
  it('names the service and the address in each sentence, however many are told of them', () => {
    const content = readFileSync('fixtures/meaning/no-local-endpoint/after/iptables-save.txt', 'utf8');
    const explanation = explainSnapshot(readSnapshot([{ name: 'iptables-save.txt', content }]));
    expect(pageNotes(explanation).filter((note) => note.startsWith('shop/'))).toEqual([
      'shop/cart:http, tcp 198.18.0.20:80, 10.42.1.7:8080, source address masqueraded from node, outside',
      'shop/cart:http, node port tcp 32080, from pods, 10.42.1.7:8080, source address kept, policy Local',
      'shop/cart:http, node port tcp 32080, from node, outside, dropped: no local endpoints',
    ]);
  });

  it('says that no service is served, and what is left out', () => {
    const content = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;
    const explanation = explainSnapshot(readSnapshot([{ name: 'ipvsadm-ln.txt', content }]));
    const leftOut = { moments: 1, listings: [{ title: 'ipvsadm', source: 'ticket.txt', line: 3 }] };
    expect(pageNotes({ ...explanation, leftOut }).slice(-2)).toEqual([
      'No service is served by IPVS, and no nat table is shown',
      '1 earlier moment is left out: 1 of ipvsadm (line 3)',
    ]);
  });
});
