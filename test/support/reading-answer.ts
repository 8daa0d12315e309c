import { readTranscript } from '@netdrift/core';
import {
  checkSnapshots,
  completenessOf,
  diffSnapshots,
  explainSnapshots,
  hostName,
  parseSection,
  compareNodes,
  readSnapshots,
  renderExplanationText,
  splitSnapshots,
  type Explanation,
  type ParsedSection,
  type Snapshot,
} from '@netdrift/drift';
import { asText } from '../../packages/cli/src/parse/as-text.ts';

type Snapshots = readonly [Snapshot, ...Snapshot[]];

/** What `explain`, `check`, `diff --split` and `parse` say of a text, without what they say of every text. */
export function readingAnswer(name: string, content: string): string {
  const snapshots = readSnapshots([{ name, content }]);
  const explanation = explainSnapshots(snapshots);
  const sections = [
    ['explain', explained(explanation)],
    ['check', checked(snapshots)],
    ['diff --split', split(snapshots)],
    ['parse', parsed(content)],
  ] as const;
  return sections
    .map(
      ([title, lines]) =>
        `${title}\n${lines
          .map((line) => `  ${line}`.trimEnd())
          .concat('')
          .join('\n')}`,
    )
    .join('');
}

/** Words that stand below every text that shows no rules. */
const EVERYWHERE = /^(?:\s+if {2}no (?:nat|filter|IPVS)|SERVICE +ADDRESS|(?:IPVS has .*; )?nothing in the snapshot tells which)/;

function explained(explanation: Explanation): string[] {
  const lines = renderExplanationText(explanation)
    .split('\n')
    .filter((line) => line !== '' && !EVERYWHERE.test(line));
  const titled =
    explanation.host === undefined || lines.some((line) => line === `${explanation.host ?? ''}:`)
      ? lines
      : [`${explanation.host}:`, ...lines];
  return [
    ...titled,
    ...(explanation.time === undefined ? [] : [`time ${explanation.time}`]),
    ...explanation.troubles.map(({ message }) => `trouble: ${message}`),
  ];
}

function checked(snapshots: Snapshots): string[] {
  const report = checkSnapshots(snapshots);
  return [report, ...(report.otherHosts ?? [])].flatMap(({ host, findings, troubles }) => [
    ...(host === undefined ? [] : [`${host}:`]),
    ...findings.map(({ severity, text }) => `${severity} ${text}`),
    ...troubles.map(({ message }) => `trouble: ${message}`),
  ]);
}

function split(snapshots: Snapshots): string[] {
  const sides = splitSnapshots(snapshots);
  if (sides.kind === 'refused') return [`refused: ${sides.trouble.message}`];
  if (sides.kind === 'nodes') {
    const { differences, troubles } = compareNodes(sides.nodes.map((snapshot) => ({ name: hostName(snapshot.host), snapshot })));
    return [
      'nodes',
      ...differences.map(({ severity, text }) => `${severity} ${text}`),
      ...troubles.map(({ node, message }) => `trouble of ${node}: ${message}`),
    ];
  }
  const { changes, scopeNotes, verdict } = diffSnapshots(sides.before, sides.after);
  return [
    verdict,
    ...changes.filter(({ toldWith }) => toldWith === undefined).map(({ severity, text }) => `${severity} ${text}`),
    ...scopeNotes.filter((note) => note.startsWith('not compared')),
  ];
}

function parsed(content: string): string[] {
  const transcript = readTranscript(content);
  const outputs = transcript.sections.map(parseSection);
  const completeness = completenessOf(transcript, outputs);
  return transcript.sections.flatMap(({ tool, form, host, time }, index) => {
    const output = outputs[index];
    const state = completeness[index]?.state ?? '';
    return [
      [tool, form, ...(host === undefined ? [] : [`of ${host}`]), ...(time === undefined ? [] : [`at ${time}`]), state].join(' '),
      ...printed(output).map((line) => `| ${line}`),
    ];
  });
}

/** Titles that every output of its form has. */
const TITLE =
  /^(?:IP Virtual Server version 1\.2\.1 \(size=4096\)|Prot LocalAddress:Port|  -> RemoteAddress:Port|(?: *pkts +bytes +)?target +prot opt|IPVS connection entries|pro expire state)/;

function printed(output: ParsedSection | undefined): string[] {
  if (output?.value === undefined) return [];
  return (asText(output) ?? JSON.stringify(output.value)).split('\n').filter((line) => line.trim() !== '' && !TITLE.test(line));
}
