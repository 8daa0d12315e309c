import type { Match } from '../ast.ts';
import type { ProtocolCondition } from '../fields/protocol-condition.ts';
import { leadingOptions, type SingleForm } from '../fields/field-forms.ts';
import { TCP_FIELDS, type TcpMatch } from '../matches/tcp.ts';

/**
 * `-p tcp --dport 80`: options of a protocol's match without `-m`, as people write them. They are read as those of tcp, which
 * has all that the others share, and become the match of the rule's protocol.
 */
export const implicitForm: SingleForm<TcpMatch> = leadingOptions<TcpMatch>({ kind: 'TcpMatch' }, TCP_FIELDS);

/** The match that options without `-m` belong to, joined with one of the same kind that is there already. */
export function withImplicit(matches: readonly Match[], implicit: TcpMatch, protocol: ProtocolCondition): readonly Match[] {
  const found = ofProtocol(implicit, protocol);
  const at = matches.findIndex(({ kind }) => kind === found.kind);
  if (at < 0) return [...matches, found];
  // Both are of one kind, so the joined object is too.
  return matches.map((match, index) => (index === at ? ({ ...match, ...found } as Match) : match));
}

function ofProtocol({ sourcePorts, destinationPorts, ...rest }: TcpMatch, { name }: ProtocolCondition): Match {
  const ports = {
    ...(sourcePorts === undefined ? {} : { sourcePorts }),
    ...(destinationPorts === undefined ? {} : { destinationPorts }),
  };
  switch (name) {
    case 'udp':
      return { ...ports, kind: 'UdpMatch' };
    case 'sctp':
      return { ...ports, kind: 'SctpMatch' };
    default:
      return { ...rest, ...ports };
  }
}
