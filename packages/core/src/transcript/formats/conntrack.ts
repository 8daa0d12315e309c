import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';

/** One connection that the kernel tracks: where it was sent, and who is to answer. */
export interface TrackedConnection {
  readonly protocol: string;
  /** As `ESTABLISHED`; missing = its protocol has none. */
  readonly state?: string;
  readonly source: string;
  /** Where its packets were sent, before any translation. */
  readonly destination: string;
  readonly port: number;
  /** Who answers: the destination, or the endpoint that took its place. */
  readonly answers: string;
  readonly answerPort: number;
  readonly line: number;
}

/** What `conntrack -L` shows of protocols that have ports. */
export interface TrackedConnections {
  readonly kind: 'TrackedConnections';
  readonly connections: readonly TrackedConnection[];
}

/**
 * `tcp      6 86392 ESTABLISHED src=10.244.1.5 dst=10.96.0.10 sport=40000 dport=53 src=…`; `-o extended` and /proc/net/nf_conntrack begin
 * with `ipv4     2 `.
 */
const ENTRY = /^(?:ipv[46] +\d+ +)?([a-z][a-z0-9-]*) +\d{1,3} (?:\d+ )?(?:([A-Z_0-9]+) )?src=(\S+) dst=(\S+) /;

/** What follows the addresses of the packets as they were sent: their ports, and the packets that are waited for. */
const PORTS = /^sport=\d+ dport=(\d+) .*?\bsrc=(\S+) dst=\S+ sport=(\d+) /;

/** What it says on standard error, an empty list too. */
const COUNT = /^conntrack v\S+ \(conntrack-tools\): \d+ flow entries have been shown\.$/;

/** `conntrack -L`, and /proc/net/nf_conntrack (conntrack(8); linux nf_conntrack_standalone.c, ct_seq_show) */
export const conntrackEntries = {
  tool: 'conntrack',
  form: 'entries',
  programs: ['conntrack', '/proc/net/nf_conntrack'],
  blank: 'end',
  starts: (line) => (ENTRY.test(line) || COUNT.test(line) ? 'title' : undefined),
  continues: (line) => ENTRY.test(line) || COUNT.test(line),
  title: 'conntrack -L',
  read: (text): TrackedConnections | undefined => {
    const connections: TrackedConnection[] = [];
    let known = 0;
    for (const { text: line, number } of textLines(text)) {
      if (line.trim() === '') continue;
      const [start, protocol = '', state, source = '', destination = ''] = ENTRY.exec(line) ?? [];
      if (start === undefined && !COUNT.test(line)) return undefined;
      known += 1;
      const [, port, answers, answerPort] = PORTS.exec(`${line.slice(start?.length ?? 0)} `) ?? [];
      // Protocols without ports, as ICMP, belong to no service.
      if (port === undefined || answers === undefined) continue;
      connections.push({
        protocol,
        ...(state === undefined ? {} : { state }),
        source,
        destination,
        port: Number(port),
        answers,
        answerPort: Number(answerPort),
        line: number,
      });
    }
    return known === 0 ? undefined : { kind: 'TrackedConnections', connections };
  },
} as const satisfies Format;
