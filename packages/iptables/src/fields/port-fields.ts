import type { Field } from './fields.ts';
import { PORTS, type PortCondition } from './port-condition.ts';

/** A condition on a port as tcp, udp, sctp and dccp print it: `dpt:80`, `dpts:!80:90`. */
function portField(key: string, word: 'spt' | 'dpt', option: string): Field {
  return {
    key,
    holds: 'spread',
    value: PORTS,
    word: `${word}:|${word}s:`,
    option,
    print: ({ not, low, high }: PortCondition) =>
      `${word}${low === high ? '' : 's'}:${not ? '!' : ''}${low === high ? low : `${low}:${high}`}`,
  };
}

/** The two ports of a segment or datagram. */
export const PORT_FIELDS: readonly Field[] = [
  portField('sourcePorts', 'spt', '--sport|--source-port'),
  portField('destinationPorts', 'dpt', '--dport|--destination-port'),
];
