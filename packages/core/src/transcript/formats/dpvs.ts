import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';
import type { TrackedConnection, TrackedConnections } from './conntrack.ts';

/** `[1]tcp  90s  TCP_EST    10.0.0.9:1063  192.0.2.1:80    10.0.1.1:1025    10.0.0.2:80`; without full NAT no address of its own. */
const ENTRY = /^\[\d+\] ?(tcp|udp|sctp|icmp|icmp6) +\d+s +([A-Z_0-9]+) +(\S+):\d+ +(\S+):(\d+) +(?:\S+:\d+ +)?(\S+):(\d+)\s*$/;

const bare = (address: string): string => address.replace(/^\[|\]$/g, '');

/** `ipvsadm -lnc` of DPVS: client, virtual address, its own address with full NAT, and who answers. */
export const dpvsConnections = {
  tool: 'dpvs',
  form: 'connections',
  blank: 'end',
  starts: (line) => (ENTRY.test(line) ? 'title' : undefined),
  continues: (line) => ENTRY.test(line),
  title: 'connections of DPVS',
  read: (text): TrackedConnections | undefined => {
    const connections: TrackedConnection[] = [];
    for (const { text: line, number } of textLines(text)) {
      if (line.trim() === '') continue;
      const [start, protocol = '', state = '', source = '', destination = '', port, answers = '', answerPort] = ENTRY.exec(line) ?? [];
      if (start === undefined) return undefined;
      connections.push({
        protocol,
        state,
        source: bare(source),
        destination: bare(destination),
        port: Number(port),
        answers: bare(answers),
        answerPort: Number(answerPort),
        line: number,
      });
    }
    return connections.length === 0 ? undefined : { kind: 'TrackedConnections', connections };
  },
} as const satisfies Format;
