import { silentLog } from '../diagnostics.ts';
import { preflightReading } from '../preflight.ts';
import type { Reader } from '../reader.ts';
import { failureIn } from './log-failures.ts';
import { logLine, type LogLine } from './log-line.ts';
import { readingOf } from './log-phrases.ts';
import { logRecords } from './log-records.ts';
import type { LogStatement } from './log-statement.ts';

/** Source files of kube-proxy that say how it was started; a log of another program has none of them. */
const FILES = new Set([
  'server_others.go',
  'server_linux.go',
  'proxier.go',
  'flags.go',
  'graceful_termination.go',
  'service_health.go',
  'proxier_health.go',
  'ipset.go',
  'netlink.go',
  'iptables.go',
  'nftables.go',
  'conntrack.go',
  'cleanup.go',
]);

/** What a logrus line of a proxy that uses libnetwork speaks of; others are of another program. */
const OF_IPVS = /\bip_?vs\b|ipv4\/vs\/|firewall mark|real server/i;

/**
 * Reads a log of kube-proxy for what it says of mode, modules, scheduler, version and addresses, and for what did not work.
 *
 * Seen: glog (Kubernetes 1.8 to 1.12), klog (1.13 to 1.21), structured klog (1.22 and later) with values of several lines, and
 * `--logging-format=json`, also behind the prefixes that `kubectl logs --prefix` and quoting add; logrus of libnetwork, which loads the
 * modules; kubeadm's check of the modules (1.10 to 1.18); and a sentence that somebody quotes without what stands before it. Stack traces
 * are passed over.
 */
export const kubeProxyLog: Reader = {
  title: 'kube-proxy log',
  read: (text) => {
    const statements: LogStatement[] = [];
    let lines = 0;
    let own = false;
    for (const { text: written, number } of logRecords(text)) {
      const line = logLine(written) ?? preflightReading(written) ?? quotedSentence(written);
      if (line === undefined) continue;
      lines++;
      const isOwn = line.file === undefined ? OF_IPVS.test(line.message) : FILES.has(line.file);
      own ||= isOwn;
      const facts = readingOf(line);
      for (const fact of facts.length > 0 ? facts : failureIn(line, isOwn && line.file !== undefined)) {
        statements.push({ ...fact, line: number, ...(fact.kind === 'mode-used' && line.time !== undefined ? { time: line.time } : {}) });
      }
    }
    if (statements.length > 0) return { kind: 'ProxyLog', lines, statements };
    return own ? { kind: 'ProxyLog', lines, statements, diagnostics: [silentLog(lines, { start: 0, end: text.length })] } : undefined;
  },
};

/** `Using ipvs Proxier.` alone on its line; other sentences are too short to be told without what stands before them. */
function quotedSentence(text: string): LogLine | undefined {
  if (!/^\s*(?:Using \w+ Proxier|[Cc]an't (?:use|determine)|Flag proxy-mode=|Unknown proxy mode)/.test(text)) return undefined;
  const line: LogLine = { level: 'I', message: text.trim(), values: new Map() };
  return readingOf(line).length > 0 ? line : undefined;
}
