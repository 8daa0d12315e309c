import { logLine } from './log-line.ts';
import { readingOf } from './log-phrases.ts';
import type { LogStatement } from './log-statement.ts';
import type { Reader } from './reader.ts';
import { textLines } from './text-lines.ts';

/** Source files of kube-proxy that say how it was started; a log of another program has none of them. */
const FILES = new Set(['server_others.go', 'server_linux.go', 'proxier.go', 'flags.go', 'graceful_termination.go', 'service_health.go']);

/**
 * Reads a log of kube-proxy for what it says of mode, modules, scheduler, version and addresses.
 *
 * Seen: glog (Kubernetes 1.8 to 1.12), klog (1.13 to 1.21) and structured klog (1.22 and later), also behind the prefixes that
 * `kubectl logs --prefix` and quoting add. Lines between them (stack traces, logrus of libnetwork) say nothing and are passed over.
 */
export const kubeProxyLog: Reader = {
  title: 'kube-proxy log',
  read: (text) => {
    const statements: LogStatement[] = [];
    let lines = 0;
    let own = false;
    for (const { text: written, number } of textLines(text)) {
      const line = logLine(written);
      if (line === undefined) continue;
      lines++;
      own ||= FILES.has(line.file);
      for (const fact of readingOf(line)) statements.push({ ...fact, line: number });
    }
    return own || statements.length > 0 ? { kind: 'ProxyLog', lines, statements } : undefined;
  },
};
