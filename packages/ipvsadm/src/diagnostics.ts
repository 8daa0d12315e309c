import type { Diagnostic, Severity, Span } from '@netdrift/core';

/** What a diagnostic code means, and the least input that raises it. */
export interface DiagnosticEntry {
  readonly severity: Severity;
  readonly meaning: string;
  /** Which function raises it. */
  readonly by: 'parse' | 'save' | 'merge';
  /** Inputs; several for `merge`. */
  readonly sample: readonly string[];
}

const banner = 'IP Virtual Server version 1.2.1 (size=4096)\n';
const title = 'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';
const plain = banner + title;

/** Every code that this package raises. Codes are permanent. */
export const ipvsadmDiagnostics = {
  'ipvsadm/empty-text': {
    severity: 'info',
    meaning: 'The text is empty: an empty table and a failed command cannot be told apart.',
    by: 'parse',
    sample: ['\n'],
  },
  'ipvsadm/foreign-line': {
    severity: 'error',
    meaning: 'A line does not belong to the output around it.',
    by: 'parse',
    sample: ['Chain INPUT (policy ACCEPT)\n'],
  },
  'ipvsadm/bad-line': {
    severity: 'error',
    meaning: 'A line has a word too many, too few, or in the wrong place; the line is left out.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80\n`],
  },
  'ipvsadm/bad-value': {
    severity: 'error',
    meaning: 'A word cannot stand in its column; the line is left out.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:70000 rr\n`],
  },
  'ipvsadm/orphan-destination': {
    severity: 'error',
    meaning: 'A destination has no service above it, or one that could not be read; it is left out.',
    by: 'parse',
    sample: [`${plain}  -> 10.0.0.2:80                  Masq    1      0          0         \n`],
  },
  'ipvsadm/unknown-columns': {
    severity: 'error',
    meaning: 'The title above a line is not one that ipvsadm prints, so its columns cannot be told; the line is left out.',
    by: 'parse',
    sample: ['Prot LocalAddress:Port Flags Scheduler\nTCP  10.0.0.1:80 rr\n'],
  },
  'ipvsadm/title-missing': {
    severity: 'warning',
    meaning: 'Services come without the title lines of a listing; they are read as the plain form.',
    by: 'parse',
    sample: ['TCP  10.0.0.1:80 rr\n'],
  },
  'ipvsadm/second-output': {
    severity: 'error',
    meaning: 'Another output begins inside the text; only the first is read.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80 rr\n${plain}TCP  10.0.0.2:80 rr\n`],
  },
  'ipvsadm/last-line-open': {
    severity: 'info',
    meaning: 'The last line has no line end, so it may have been cut.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80 rr`],
  },
  'ipvsadm/tool-message': {
    severity: 'error',
    meaning: 'An error message of a tool is inside an output, which may be incomplete because of it.',
    by: 'parse',
    sample: [`${plain}Memory allocation problem\n`],
  },
  'ipvsadm/comment': {
    severity: 'info',
    meaning: 'A line that begins with # is left out.',
    by: 'parse',
    sample: ['# web\n-A -t 10.0.0.1:80 -s rr\n'],
  },
  'ipvsadm/names': {
    severity: 'info',
    meaning: 'The text shows names where addresses or ports stand with -n; such services cannot be compared.',
    by: 'parse',
    sample: [`${plain}TCP  web.example.com:http rr\n`],
  },
  'ipvsadm/name-cut': {
    severity: 'warning',
    meaning: 'A name is as long as ipvsadm prints at most, so it may have been cut.',
    by: 'parse',
    sample: [`${plain}TCP  ip-10-102-22-172.ec2.interna rr\n`],
  },
  'ipvsadm/null-address': {
    severity: 'warning',
    meaning: 'An address was printed as (null): the tool could not format it.',
    by: 'parse',
    sample: [`${plain}TCP  [(null)]:5001 rr\n`],
  },
  'ipvsadm/unknown-method': {
    severity: 'warning',
    meaning: 'A forwarding method is not one that the kernel has: Masq, Local, Tunnel, Route.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80 rr\n  -> 10.0.0.2:80                  FullNat 1      0          0         \n`],
  },
  'ipvsadm/unknown-protocol': {
    severity: 'warning',
    meaning: 'A protocol is not one that a service can have (TCP, UDP, SCTP; dpvs: ICMP, ICMPv6): the line may be of another tool.',
    by: 'parse',
    sample: [`${plain}TLS  10.0.0.1:443 handshake\n`],
  },
  'ipvsadm/mixed-figures': {
    severity: 'warning',
    meaning:
      'Figures are both whole and shortened in one listing, which ipvsadm never prints: two outputs were joined, or the text was changed.',
    by: 'parse',
    sample: [
      `${banner}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  10.0.0.1:80                   100000K 123456789        0        0        0\n`,
    ],
  },
  'ipvsadm/unknown-words': {
    severity: 'warning',
    meaning: 'A service line has more words than ipvsadm prints; they are kept as they are.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80 rr synproxy\n`],
  },
  'ipvsadm/duplicate-service': {
    severity: 'warning',
    meaning: 'A service is listed twice; the kernel holds it once. ipvsadm before 1.28 prints SCTP services as UDP.',
    by: 'parse',
    sample: [`${plain}UDP  10.0.0.1:80 rr\nUDP  10.0.0.1:80 wlc\n`],
  },
  'ipvsadm/duplicate-destination': {
    severity: 'warning',
    meaning: 'A destination is listed twice under one service; the kernel holds it once.',
    by: 'parse',
    sample: ['-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -g\n'],
  },
  'ipvsadm/invented-address': {
    severity: 'warning',
    meaning: 'ipvsadm before 1.28 prints the first four bytes of an IPv6 destination of an IPv4 service as an IPv4 address.',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80 rr\n  -> 32.1.13.184:80               Tunnel  1      0          0         \n`],
  },
  'ipvsadm/old-flag-name': {
    severity: 'info',
    meaning: 'ipvsadm 1.27 to 1.29 print the flags of mh as flag-1 (mh-fallback) and flag-2 (mh-port).',
    by: 'parse',
    sample: [`${plain}TCP  10.0.0.1:80 mh (flag-2)\n`],
  },
  'ipvsadm/daemon-printed-twice': {
    severity: 'warning',
    meaning: 'ipvsadm 1.27 prints the line of the master daemon in place of that of the backup.',
    by: 'parse',
    sample: ['master sync daemon (mcast=eth0, syncid=1)\nmaster sync daemon (mcast=eth0, syncid=1)\n'],
  },
  'ipvsadm/bare-words': {
    severity: 'warning',
    meaning: 'ipvsadm 1.26 saves pe NAME and ops without dashes, which ipvsadm -R does not read.',
    by: 'parse',
    sample: ['-A -u 10.0.0.1:53 -s rr ops\n'],
  },
  'ipvsadm/other-command': {
    severity: 'error',
    meaning: 'A command other than -A and -a would change the table; it is not carried out here.',
    by: 'parse',
    sample: ['-D -t 10.0.0.1:80\n'],
  },
  'ipvsadm/service-not-added': {
    severity: 'error',
    meaning: 'A destination is added to a service that no earlier line adds; it is left out.',
    by: 'parse',
    sample: ['-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 1\n'],
  },
  'ipvsadm/mark-not-restorable': {
    severity: 'warning',
    meaning: 'ipvsadm -R refuses firewall marks above 2147483647; the service is left out.',
    by: 'save',
    sample: [`${plain}FWM  -1 rr\n`],
  },
  'ipvsadm/local-not-restorable': {
    severity: 'info',
    meaning: 'Local cannot be asked for; the kernel sets it itself, and -g is written.',
    by: 'save',
    sample: [`${plain}TCP  10.0.0.1:80 rr\n  -> 10.0.0.1:80                  Local   1      0          0         \n`],
  },
  'ipvsadm/flag-not-restorable': {
    severity: 'warning',
    meaning: 'A scheduler flag without a name cannot be written.',
    by: 'save',
    sample: [`${plain}TCP  10.0.0.1:80 sh ()\n`],
  },
  'ipvsadm/not-restorable': {
    severity: 'error',
    meaning: 'A service or destination has an identity or a method that ipvsadm -R cannot read; it is left out.',
    by: 'save',
    sample: [`${plain}TCP  ip-10-102-22-172.ec2.interna rr\n`],
  },
  'ipvsadm/fact-not-shown': {
    severity: 'error',
    meaning: 'The form does not show a fact without which a line cannot be written; the line is left out.',
    by: 'save',
    sample: [
      `${banner}Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nTCP  10.0.0.1:80                         0        0        0        0        0\n`,
    ],
  },
  'ipvsadm/default-assumed': {
    severity: 'info',
    meaning: 'The form does not show a fact that ipvsadm -R then sets to its default, such as thresholds.',
    by: 'save',
    sample: [`${plain}TCP  10.0.0.1:80 rr\n  -> 10.0.0.2:80                  Tunnel  1      0          0         \n`],
  },
  'ipvsadm/nothing-to-restore': {
    severity: 'error',
    meaning: 'The value holds no table of services.',
    by: 'save',
    sample: ['Timeout (tcp tcpfin udp): 900 120 300\n'],
  },
  'ipvsadm/views-disagree': {
    severity: 'error',
    meaning: 'Two outputs say different things about one service or destination.',
    by: 'merge',
    sample: [`${plain}TCP  10.0.0.1:80 rr\n`, '-A -t 10.0.0.1:80 -s wlc\n'],
  },
  'ipvsadm/view-left-out': {
    severity: 'info',
    meaning: 'A service or destination of one output cannot be matched with one of the others and is left out.',
    by: 'merge',
    sample: [`${plain}TCP  web.example.com:http rr\n`, '-A -t 10.0.0.1:80 -s wlc\n'],
  },
} as const satisfies Readonly<Record<string, DiagnosticEntry>>;

/** A code of this package. */
export type IpvsadmDiagnosticCode = keyof typeof ipvsadmDiagnostics;

/** A diagnostic with the severity that the table gives its code. */
export function report(
  code: IpvsadmDiagnosticCode,
  span: Span,
  message: string,
  more: Partial<Pick<Diagnostic, 'help' | 'labels'>> = {},
): Diagnostic {
  return { code, severity: ipvsadmDiagnostics[code].severity, message, span, ...more };
}

/** A line whose words do not fit. */
export function badLine(span: Span, message: string): Diagnostic {
  return report('ipvsadm/bad-line', span, message);
}

/** A line with a word that cannot stand where it stands. */
export function badValue(span: Span, message: string): Diagnostic {
  return report('ipvsadm/bad-value', span, message);
}

/** The last line of a text when no line end closes it: its last word may go on, and further words may follow. */
export function lastLineOpen(span: Span): Diagnostic {
  return report('ipvsadm/last-line-open', span, 'the last line has no line end, so it may be cut');
}
