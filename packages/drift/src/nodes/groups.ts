import { findingFingerprint } from '../common/finding-fingerprint.ts';
import type { Severity } from '../report.ts';
import { compareTexts } from '../common/listed.ts';

export { compareTexts };

/** Something that nodes of one cluster do not have in common. */
export interface NodeDifference {
  /** `node.outlier`: most nodes agree; `node.differs`: no majority; `node.setting-differs`: kube-proxy or IPVS is set up differently. */
  readonly id: 'node.outlier' | 'node.differs' | 'node.setting-differs';
  /** Made of what it is about, not of who differs: the same in every run, whichever nodes are compared. */
  readonly fingerprint: string;
  readonly severity: Severity;
  /** A service port, a virtual service, or a setting. */
  readonly subject: string;
  /** Address and port, where a service port is meant. */
  readonly frontend?: string;
  /** Nodes by what they do; the one that most of them do first. */
  readonly groups: readonly { readonly nodes: readonly string[]; readonly does: string }[];
  /** One sentence without its full stop. */
  readonly text: string;
}

/** One before it has its fingerprint. */
export type PendingDifference = Omit<NodeDifference, 'fingerprint'> & {
  /** What of the subject differs, where it is not where its connections lead. */
  readonly attribute?: string;
};

/** Gives a difference its fingerprint. Whether there is a majority hangs on which nodes are asked. */
export function withFingerprint({ attribute, id, ...rest }: PendingDifference): NodeDifference {
  const { subject, frontend } = rest;
  const values = [frontend, attribute].filter((value) => value !== undefined);
  const isOfServices = id === 'node.outlier' || id === 'node.differs';
  return { id, fingerprint: findingFingerprint({ id: isOfServices ? 'node.differs' : id, subject: { name: subject }, values }), ...rest };
}

/** Nodes that do the same. */
export interface Group {
  readonly nodes: readonly string[];
  readonly does: string;
}

/** What a node does: in full, and as it is told where that is enough to tell nodes apart. */
export interface Doing {
  readonly whole: string;
  readonly short: string;
}

/** Of a node that lacks what others have. */
export const NOT_THERE: Doing = { whole: 'not there', short: 'not there' };

/** Nodes that do the same, the largest group first. */
export function groupsOf<Node extends { readonly name: string }>(nodes: readonly Node[], doing: (node: Node) => Doing): Group[] {
  const groups = new Map<string, { readonly does: Doing; readonly nodes: string[] }>();
  for (const node of nodes) {
    const does = doing(node);
    const group = groups.get(does.whole) ?? { does, nodes: [] };
    groups.set(does.whole, group);
    group.nodes.push(node.name);
  }
  const all = [...groups.values()];
  const isTold = ({ does }: (typeof all)[number]): boolean => all.filter((other) => other.does.short === does.short).length === 1;
  return all
    .map((group) => ({ does: isTold(group) ? group.does.short : group.does.whole, nodes: group.nodes }))
    .sort((one, other) => other.nodes.length - one.nodes.length || compareTexts(one.does, other.does));
}

/** Nodes of which a text tells all there is to compare. */
export function groupsByValue(nodes: readonly { readonly name: string; readonly value: string }[]): Group[] {
  return groupsOf(nodes, ({ value }) => ({ whole: value, short: value }));
}

/** What groups of nodes do, as one difference; `count`: the nodes that tell. */
export function differenceOf(
  subject: string,
  frontend: string | undefined,
  severity: Severity,
  groups: readonly Group[],
  count: number,
): PendingDifference {
  const [most] = groups;
  const majority = most !== undefined && most.nodes.length * 2 > count && count > 2;
  const place = frontend === undefined || frontend === subject ? subject : `${subject} (${frontend})`;
  const others = groups.slice(1).map(({ nodes, does }) => `${nodes.join(', ')}: ${does}`);
  const text = majority
    ? `${place}: ${others.join('; ')}; ${most.nodes.length} of ${count} nodes: ${most.does}`
    : `${place}: ${groups.map(({ nodes, does }) => `${nodes.join(', ')}: ${does}`).join('; ')}`;
  return {
    id: majority ? 'node.outlier' : 'node.differs',
    severity,
    subject,
    ...(frontend === undefined ? {} : { frontend }),
    groups,
    text,
  };
}

/** Nodes that are set up differently, by what each is set to; none where all that tell are set alike. */
export function differenceOfSetting(
  title: string,
  severity: Severity,
  values: readonly { readonly name: string; readonly value: string }[],
): PendingDifference[] {
  const groups = groupsByValue(values);
  return groups.length < 2 ? [] : [{ ...differenceOf(title, undefined, severity, groups, values.length), id: 'node.setting-differs' }];
}
