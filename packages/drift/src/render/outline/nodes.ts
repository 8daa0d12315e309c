import type { NodesReport } from '../../nodes/compare-nodes.ts';
import type { NodeDifference } from '../../nodes/groups.ts';
import { nodesHeadline } from '../reports/render-nodes.ts';
import { BARE, type Entry, type Outline } from './outline-model.ts';

/** What the comparison of nodes comes to. */
export function outlineOfNodes(report: NodesReport): Outline {
  const { differences, troubles } = report;
  return {
    command: 'nodes',
    headline: nodesHeadline(report),
    verdict: differences.length > 0 ? 'drift' : troubles.length > 0 ? 'undecided' : 'no-change',
    troubles: troubles.map(({ node, message }) => ({ code: 'snapshot/node', message: `${node}: ${message}` })),
    entries: differences.map(differenceEntry),
    notes: [],
  };
}

function differenceEntry({ id, fingerprint, severity, subject, frontend, groups, text }: NodeDifference): Entry {
  const name = frontend === undefined || frontend === subject ? subject : `${subject} (${frontend})`;
  return {
    ...BARE,
    id,
    severity,
    subject: name,
    text,
    fingerprint,
    groups,
  };
}
