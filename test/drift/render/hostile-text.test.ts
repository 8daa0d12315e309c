import {
  checkSnapshot,
  compareNodes,
  diffSnapshots,
  explainSnapshot,
  readSnapshot,
  renderCheckJson,
  renderCheckMarkdown,
  renderCheckText,
  renderExplanationJson,
  renderExplanationMarkdown,
  renderExplanationText,
  renderJson,
  renderJsonLines,
  renderLines,
  renderMarkdown,
  renderNodesJson,
  renderNodesMarkdown,
  renderNodesText,
  renderText,
  type Snapshot,
  type SnapshotFile,
} from '@netdrift/drift';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effort } from '../../support/share.ts';

/** Pieces that act on a terminal, hide from the eye, or mean something in Markdown, HTML, JSON or a log. */
const PIECES = [
  '\u001b[2J',
  '\u001b]8;;http://x.test\u0007',
  '\u009b31m',
  '\u0007',
  '\u0000',
  '\b',
  '\r',
  '\u007f',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\udce9',
  '\u{e0041}',
  '<img src=x onerror=a>',
  '<!--',
  '-->',
  '</details>',
  '</code>',
  '&lt;b&gt;',
  '`',
  '```',
  '~~~',
  '|',
  '\\',
  '\\|',
  '**',
  '__',
  '[a](http://x.test)',
  '![a](x)',
  'http://x.test',
  'www.x.test',
  '@everyone',
  '#1',
  '::error::x',
  '$x$',
  ':smile:',
  '"',
  "'",
  '%0A',
  '- ',
  '> ',
];
const words = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) }),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));
/** A name: what stands between two blanks of a line. */
const name = words.map((text) => `X${text.replaceAll(/\s/gu, '')}`);
const comment = words.map((text) => text.replaceAll('\n', ''));

interface Hostile {
  readonly chain: string;
  readonly set: string;
  readonly comment: string;
  readonly port: number;
  readonly file: string;
}
const hostile: fc.Arbitrary<Hostile> = fc.record({ chain: name, set: name, comment, port: fc.integer({ min: 1, max: 3 }), file: name });

function snapshot({ chain, set, comment: said, port, file }: Hostile): Snapshot {
  const quoted = said.replaceAll(/["\\]/g, '\\$&');
  const files: SnapshotFile[] = [
    {
      name: `${file} iptables-save`,
      content: [
        '*nat',
        ':PREROUTING ACCEPT [0:0]',
        ':INPUT ACCEPT [0:0]',
        ':OUTPUT ACCEPT [0:0]',
        ':POSTROUTING ACCEPT [0:0]',
        `:${chain} - [0:0]`,
        `-A PREROUTING -p tcp -m tcp --dport ${port} -m comment --comment "${quoted}" -j ${chain}`,
        `-A ${chain} -p tcp -m set --match-set ${set} dst -j DNAT --to-destination 10.0.0.${port}:80`,
        `-A ${chain} -m comment --comment "${quoted}" -j MARK --set-xmark 0x${port}/0x${port}`,
        'COMMIT',
        '',
      ].join('\n'),
    },
    {
      name: `${file} ipset`,
      content: `Name: ${set}\nType: hash:ip\nHeader: family inet comment\nMembers:\n10.0.0.${port} comment "${quoted}"\n`,
    },
    {
      name: `${file} ipvsadm`,
      content: `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\nTCP  10.0.0.1:${port} ${set}\n  -> 10.0.0.9:${port}                 Masq    ${port}      0          0         \n`,
    },
  ];
  return readSnapshot(files);
}

/** What may act on a terminal or hides from the eye, all but a line feed. */
const UNSAFE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}|[\u{e0000}-\u{e0fff}]/u;
/** What netdrift itself writes as HTML. */
const OWN_HTML = /<\/?(?:details|summary|code|br|b|table|tr|td|th|thead|tbody|p|ul|li|sub|em|strong|pre)>|<!-- -->/g;

/** What a page shows as words: a code span is told by its fence, and nothing in it acts. */
function withoutCode(line: string): string {
  let left = line;
  for (let run = /`+/.exec(left); run !== null; run = /`+/.exec(left)) {
    if (left[run.index - 1] === '\\') {
      left = `${left.slice(0, run.index - 1)}'${left.slice(run.index + 1)}`;
      continue;
    }
    const [fence] = run;
    const close = [...left.slice(run.index + fence.length).matchAll(/`+/g)].find(([other]) => other === fence);
    if (close === undefined) return `${left}  unclosed ${fence}`;
    left = `${left.slice(0, run.index)}CODE${left.slice(run.index + fence.length + close.index + fence.length)}`;
  }
  return left;
}

/** What of a page of Markdown acts although it is the text of an input. */
function actingMarkdown(page: string): string[] {
  return page.split('\n').flatMap((line) => {
    // A block of HTML, in which no Markdown is read; mentions are.
    const isHtml = /^<(?:details|summary)>/.test(line);
    const told = (isHtml ? line : withoutCode(line)).replaceAll(OWN_HTML, (tag) => (tag === '<!-- -->' ? '\u0001' : ''));
    const acts = isHtml
      ? /<[a-z/!?]|@(?!\u0001)|(?<!&)#\d/i.exec(told)
      : /<[a-z/!?]|unclosed|(?<!\\)\]\(|(?:https?|ftp):\/\/|(?<!\w)www\.(?!\u0001)|@(?!\u0001)\w|(?<![&\\\u0001\w])#\d|^\s{0,3}(?:```|~~~)/i.exec(
          told,
        );
    return acts === null ? [] : [`${acts[0]} in ${line}`];
  });
}

describe('whatever the names and comments in a snapshot', () => {
  const pair = fc.tuple(hostile, hostile);

  it('text, lines and JSON of every report act on no terminal', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const [before, after] = [snapshot(one), snapshot(other)];
        const report = diffSnapshots(before, after);
        const check = checkSnapshot(before);
        const explanation = explainSnapshot(before);
        const nodes = compareNodes([
          { name: one.file, snapshot: before },
          { name: other.file, snapshot: after },
        ]);
        const shown = [
          renderText(report),
          renderLines(report),
          renderJson(report),
          renderJsonLines(report),
          renderMarkdown(report),
          renderCheckText(check),
          renderCheckJson(check),
          renderCheckMarkdown(check),
          renderExplanationText(explanation),
          renderExplanationJson(explanation),
          renderExplanationMarkdown(explanation),
          renderNodesText(nodes),
          renderNodesJson(nodes),
          renderNodesMarkdown(nodes),
        ];
        for (const text of shown) expect(text).not.toMatch(UNSAFE);
      }),
      { numRuns: effort(60, 200) },
    );
  });

  it('nothing of them acts in Markdown', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const [before, after] = [snapshot(one), snapshot(other)];
        const pages = [
          renderMarkdown(diffSnapshots(before, after)),
          renderCheckMarkdown(checkSnapshot(before)),
          renderExplanationMarkdown(explainSnapshot(before)),
          renderNodesMarkdown(
            compareNodes([
              { name: one.file, snapshot: before },
              { name: other.file, snapshot: after },
            ]),
          ),
        ];
        expect(pages.flatMap(actingMarkdown)).toEqual([]);
      }),
      { numRuns: effort(60, 200) },
    );
  });

  it('JSON lines are one record a line, and JSON gives the report back', () => {
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const report = diffSnapshots(snapshot(one), snapshot(other));
        const records = renderJsonLines(report).split('\n');
        const { troubles, causes, changes, findings } = report;
        expect(records.length).toBe(1 + troubles.length + causes.length + changes.length + findings.length + 1);
        expect(records.pop()).toBe('');
        for (const record of records) expect(() => JSON.parse(record) as unknown).not.toThrow();
        expect(JSON.parse(renderJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
        expect(renderLines(report).split('\n').length - 1).toBe(
          Math.max(1, troubles.length + changes.filter(({ ignored }) => !ignored).length),
        );
      }),
      { numRuns: effort(60, 200) },
    );
  });
});
