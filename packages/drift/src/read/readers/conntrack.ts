import type { Reader } from './reader.ts';
import type { ReadTrackedConnection } from './read-values.ts';
import { textLines } from './text-lines.ts';

/**
 * Protocol, state, then the packets as they were sent and the answers that are waited for; what stands between and behind does not matter
 * here.
 */
const ENTRY =
  /^(?:ipv[46] +\d+ +)?([a-z][a-z0-9-]*) +\d{1,3} (?:\d+ )?(?:([A-Z_0-9]+) )?src=(\S+) dst=(\S+) sport=\d+ dport=(\d+) .*?\bsrc=(\S+) dst=\S+ sport=(\d+) /;
const ANY_ENTRY = /^(?:ipv[46] +\d+ +)?[a-z][a-z0-9-]* +\d{1,3} .*\bsrc=\S+ dst=\S+ /;
const COUNT = /^conntrack v\S+ \(conntrack-tools\): \d+ flow entries have been shown\.$/;

/**
 * Reads the connections that the kernel tracks, of `conntrack -L` or /proc/net/nf_conntrack (conntrack(8); linux nf_conntrack_standalone.c,
 * ct_seq_show).
 */
export const conntrack: Reader = {
  title: 'conntrack -L',
  read: (text) => {
    const found: ReadTrackedConnection[] = [];
    let known = 0;
    for (const { text: line, number } of textLines(text)) {
      if (line.trim() === '') continue;
      if (!COUNT.test(line) && !ANY_ENTRY.test(`${line} `)) return undefined;
      known += 1;
      const [, protocol = '', state, source = '', destination = '', port, answers = '', answerPort] = ENTRY.exec(`${line} `) ?? [];
      // Protocols without ports, as ICMP, belong to no service.
      if (port === undefined || answerPort === undefined) continue;
      found.push({
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
    return known === 0 ? undefined : { kind: 'TrackedConnections', connections: found };
  },
};
