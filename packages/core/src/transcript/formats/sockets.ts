import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';

/** One listening socket. */
export interface ShownSocket {
  readonly protocol: string;
  readonly state: string;
  /** `*` = any. */
  readonly address: string;
  readonly port?: number;
  readonly line: number;
}

/** What `ss -lntu` shows. */
export interface Sockets {
  readonly kind: 'Sockets';
  readonly sockets: readonly ShownSocket[];
}

const TITLE = /^Netid +State +Recv-Q +Send-Q +Local Address:Port/;
const SOCKET = /^(tcp|udp|sctp) +(LISTEN|UNCONN) +\d+ +\d+ +(\S+):(\d+|\*)\s/;

/** The listening sockets of `ss -lntu`, with `-p` or without (iproute2 misc/ss.c). */
export const listeningSockets = {
  tool: 'ss',
  form: 'sockets',
  programs: ['ss'],
  blank: 'end',
  starts: (line) => (TITLE.test(line) ? 'title' : undefined),
  continues: (line) => SOCKET.test(`${line} `),
  title: 'ss -lntu',
  read: (text): Sockets | undefined => {
    const sockets: ShownSocket[] = [];
    let isTitled = false;
    for (const { text: line, number } of textLines(text)) {
      isTitled ||= TITLE.test(line);
      const [, protocol, state = '', address = '', port = ''] = SOCKET.exec(`${line} `) ?? [];
      if (protocol !== undefined)
        sockets.push({
          protocol,
          state,
          address: address.replace(/%\S+$/, '').replace(/^\[|\]$/g, ''),
          ...(port === '*' ? {} : { port: Number(port) }),
          line: number,
        });
    }
    return isTitled && sockets.length > 0 ? { kind: 'Sockets', sockets } : undefined;
  },
} as const satisfies Format;
