import { originIn } from '../state/origin.ts';
import { addToGroup } from '../common/add-to-group.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { InPart } from '../read/kinds/knowledge.ts';
import type { Severity } from '../report.ts';
import type { LogStatement } from '../read/readers/logs/log-statement.ts';
import { findingKinds, type FoundThing } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.kube.cleanup-failing',
    severity: 'warning',
    title: "kube-proxy's log says that something of before could not be taken away",
    why: 'connections or rules of before go on',
  },
  {
    id: 'lint.kube.ipset-failing',
    severity: 'critical',
    title: "kube-proxy's log says that an ip set could not be set",
    why: 'packets are masqueraded or dropped by members of before',
  },
  {
    id: 'lint.kube.ipvs-failing',
    severity: 'critical',
    title: "kube-proxy's log says that IPVS could not be set",
    why: 'a service or an endpoint is not served as it should',
  },
  { id: 'lint.kube.log-error', severity: 'notice', title: "kube-proxy's log has an error", why: 'it is told as it stands' },
  {
    id: 'lint.kube.mode-switched',
    severity: 'notice',
    title: "kube-proxy's log shows starts in different modes",
    why: 'what the mode before has set up may be left over',
  },
  {
    id: 'lint.kube.mode-unknown',
    severity: 'warning',
    title: 'a proxy mode was asked for that kube-proxy does not know',
    why: 'it runs in iptables mode',
  },
  {
    id: 'lint.kube.not-running',
    severity: 'critical',
    title: 'kube-proxy ended with an error',
    why: 'rules are no longer kept up to date, or were never set up',
  },
  {
    id: 'lint.kube.restore-failing',
    severity: 'critical',
    title: "kube-proxy's log says that its rules could not be set",
    why: 'services and endpoints that changed since are not in the rules',
  },
  {
    id: 'lint.kube.sync-failing',
    severity: 'critical',
    title: "kube-proxy's log says that it could not bring the node up to date",
    why: 'services and endpoints that changed since are not served',
  },
]);

export const logs: FindingRule = { kinds, find: logFindings };

type Failure = Extract<LogStatement, { kind: 'failure' }>;
type Logged = InPart<Failure>;

const IDS: { readonly [What in Failure['what']]: readonly [id: (typeof kinds)[number]['id'], subject: string] } = {
  restore: ['lint.kube.restore-failing', 'rules'],
  sync: ['lint.kube.sync-failing', 'rules'],
  ipset: ['lint.kube.ipset-failing', 'ip sets'],
  ipvs: ['lint.kube.ipvs-failing', 'virtual services'],
  cleanup: ['lint.kube.cleanup-failing', 'what was there before'],
  other: ['lint.kube.log-error', 'kube-proxy'],
};

/** What the log of kube-proxy says did not work, each once: which command, since when, how often, and what it refused. */
function logFindings(view: NodeView): FoundThing[] {
  const failures = new Map<string, Logged[]>();
  for (const { value, part, line } of view.knowledge.log) {
    if (value.kind === 'failure') addToGroup(failures, groupOf(value), { value, part, line });
  }
  // A group begins with the failure it is made for.
  const groups = [...failures.values()].filter((group): group is [Logged, ...Logged[]] => group.length > 0);
  const restores = groups.some(([{ value }]) => value.what === 'restore');
  // A restore that fails is the reason for which its synchronisation does.
  const told = groups.filter(([{ value }]) => value.what !== 'sync' || !restores || value.reason !== undefined);
  return [...told.map((group) => failureFinding(group, groups)), ...modeFindings(view), ...notRunning(view)];
}

/** Sentences that differ in numbers alone are one. */
function groupOf({ what, command = '', text }: Failure): string {
  return what === 'restore'
    ? `${what} ${command}`
    : `${what} ${text
        .replace(/["'].*$/, '')
        .replace(/\d+/g, '0')
        .slice(0, 80)}`;
}

function failureFinding(group: readonly [Logged, ...Logged[]], groups: readonly (readonly [Logged, ...Logged[]])[]): FoundThing {
  const { value: first } = group[0];
  const last = (group.at(-1) ?? group[0]).value;
  const [id, subject] = IDS[first.what];
  const reason = last.reason === undefined ? '' : `: ${last.reason}`;
  const what =
    first.what === 'restore'
      ? `${first.command ?? 'the program that sets rules'} fails in kube-proxy's log`
      : `kube-proxy's log says "${first.text}"`;
  const refused =
    last.rejected === undefined
      ? undefined
      : `it refused line ${last.rejected.number} of its input${last.rejected.text === undefined ? '' : `, "${last.rejected.text}"`}`;
  const retry = retryOf(first.what, last, groups);
  const lacking = lackingFeature(last);
  const notes = [refused, lacking, retry].filter((note) => note !== undefined);
  return finding(id, {
    ...(first.what === 'other' ? { severity: severityOfOther(first) } : {}),
    subject: { kind: 'config', name: `${subject}${first.command === undefined ? '' : ` (${first.command})`}` },
    text: `${what}, ${timesText(group)}${reason}`,
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    origins: [group[0], ...(group.length > 1 ? [group.at(-1) ?? group[0]] : [])].map(originIn),
  });
}

/** `once, at 0809 05:37:21` · `3 times, from 0809 05:37:21 to 0809 06:45:24` */
function timesText(group: readonly [Logged, ...Logged[]]): string {
  const from = group[0].value.time;
  const to = group.at(-1)?.value.time;
  if (group.length === 1) return from === undefined ? 'once' : `once, at ${from}`;
  return from === undefined || to === undefined ? `${group.length} times` : `${group.length} times, from ${from} to ${to}`;
}

/** What kernels may be built without, by the word of nft that asks for it. */
const FEATURES: ReadonlyMap<string, string> = new Map([
  ['fib', 'nft_fib'],
  ['numgen', 'nft_numgen'],
  ['masquerade', 'nft_masq'],
  ['dnat', 'nft_nat'],
  ['nat', 'nft_chain_nat'],
  ['ct', 'nft_ct'],
  ['reject', 'nft_reject'],
]);

/** The kernel answers so where it has no module for what a rule asks. */
function lackingFeature({ command, reason = '', rejected }: Failure): string | undefined {
  if (
    command !== 'nft' ||
    !/Could not process rule: (?:No such file or directory|Operation not supported|Protocol not supported)/.test(reason)
  )
    return undefined;
  const feature = rejected?.text
    ?.split(' ')
    .map((word) => FEATURES.get(word))
    .find((name) => name !== undefined);
  return feature === undefined ? undefined : `the kernel may lack module ${feature}, which "${rejected?.text}" needs`;
}

/** The rules stay as they were until a try succeeds. */
function retryOf(what: Failure['what'], last: Failure, groups: readonly (readonly [Logged, ...Logged[]])[]): string | undefined {
  const sync = groups.find(([{ value }]) => value.what === 'sync')?.at(-1)?.value;
  const retryIn = last.retryIn ?? (what === 'restore' ? sync?.retryIn : undefined);
  if (what !== 'restore' && what !== 'sync') return undefined;
  return `until a try succeeds the node keeps the rules that it has${retryIn === undefined ? '' : `; kube-proxy tries again in ${retryIn}`}`;
}

/**
 * A port that is taken keeps a load balancer's health check from an answer, and no packet from its service; without the API server
 * kube-proxy follows no change.
 */
function severityOfOther({ text }: Failure): Severity {
  if (/Failed to (?:watch|list)\b/i.test(text)) return 'warning';
  return /healthcheck|health check/i.test(text) ? 'none' : 'notice';
}

/** kube-proxy ended, and what it could not have of ipvs mode is not why. */
function notRunning({ knowledge, facts }: NodeView): FoundThing[] {
  const last = knowledge.log.findLast(({ value }) => value.kind === 'exited' || value.kind === 'mode-used');
  if (
    last?.value.kind !== 'exited' ||
    facts.modeUsed?.value !== 'none' ||
    knowledge.log.some(({ value }) => value.kind === 'ipvs-unusable')
  )
    return [];
  const started = knowledge.log.findLast(({ value }) => value.kind === 'mode-used');
  const mode = modeOf(started?.value);
  const { reason } = last.value;
  return [
    finding('lint.kube.not-running', {
      subject: { kind: 'config', name: 'kube-proxy' },
      text: `kube-proxy does not run: it ended${mode === undefined ? '' : ` in ${mode} mode`}${reason === '' ? ' with an error' : `: ${reason}`}`,
      origins: [originIn(last)],
    }),
  ];
}

/** A mode that is not known, and modes that follow one another in one log. */
function modeFindings({ knowledge }: NodeView): FoundThing[] {
  const found: FoundThing[] = [];
  for (const told of knowledge.log) {
    const { value } = told;
    if (value.kind !== 'mode-unknown') continue;
    found.push(
      finding('lint.kube.mode-unknown', {
        subject: { kind: 'config', name: 'proxy mode' },
        text: `kube-proxy does not know the proxy mode "${value.mode}" that was asked for, and runs in iptables mode`,
        origins: [originIn(told)],
      }),
    );
    break;
  }
  const modes = knowledge.log.filter(({ value }) => value.kind === 'mode-used');
  const switched = modes.findIndex(({ value }, index) => index > 0 && modeOf(value) !== modeOf(modes[index - 1]?.value));
  const [before, after] = switched < 0 ? [] : [modes[switched - 1], modes[switched]];
  if (before === undefined || after === undefined) return found;
  const at = (logged: InPart<LogStatement>): string => (logged.value.time === undefined ? '' : ` at ${logged.value.time}`);
  found.push(
    finding('lint.kube.mode-switched', {
      subject: { kind: 'config', name: 'proxy mode' },
      text: `kube-proxy's log shows another start: in ${modeOf(before.value)} mode${at(before)}, then in ${modeOf(after.value)} mode${at(after)}`,
      note: `rules and virtual services of ${modeOf(before.value)} mode may be left over`,
      origins: [before, after].map(originIn),
    }),
  );
  return found;
}

function modeOf(statement: LogStatement | undefined): string | undefined {
  return statement?.kind === 'mode-used' ? statement.mode : undefined;
}
