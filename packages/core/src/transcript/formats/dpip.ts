import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';

/** An address, a device or a route of DPVS, which the kernel does not know of. */
export interface DpvsEntry {
  /** As printed: `10.0.0.100/32`; the name of a device. */
  readonly name: string;
  readonly device?: string;
  readonly via?: string;
  readonly line: number;
}

/** What `dpip` of DPVS shows. */
export interface DpvsEntries {
  readonly kind: 'DpvsAddresses' | 'DpvsLinks' | 'DpvsRoutes';
  readonly entries: readonly DpvsEntry[];
}

/** `inet 10.0.0.100/32 scope global dpdk1` at the start of a line, where ip(8) has an indent. */
const ADDRESS = /^inet6? (\S+\/\d+) (?:peer \S+ )?scope \S+ (\S+)\s*$/;
const ADDRESS_REST = /^ +(?:broadcast \S+ )?valid_lft /;
/** `1: dpdk0: socket 0 mtu 1500 rx-queue 8 tx-queue 8` */
const LINK = /^\d+: (\S+): socket -?\d+ mtu \d+ /;
/** `inet 10.0.0.0/16 via 0.0.0.0 src 0.0.0.0 dev dpdk1 mtu 1500 …`, `inet6 2001::/64 dev dpdk0 mtu 1500 scope link` */
const ROUTE = /^inet6? (\S+\/\d+) (?:via (\S+) )?(?:src \S+ )?dev (\S+) mtu \d+ /;

function dpipFormat(
  form: 'addresses' | 'links' | 'routes',
  kind: DpvsEntries['kind'],
  entry: RegExp,
  rest: RegExp,
  toEntry: (groups: readonly (string | undefined)[]) => Omit<DpvsEntry, 'line'>,
) {
  return {
    tool: 'dpvs',
    form,
    programs: ['dpip'],
    blank: 'end',
    starts: (line: string) => (entry.test(line) ? ('title' as const) : undefined),
    continues: (line: string) => entry.test(line) || rest.test(line),
    title: `dpip ${kind === 'DpvsAddresses' ? 'addr' : kind === 'DpvsLinks' ? 'link' : 'route'}`,
    read: (text: string): DpvsEntries | undefined => {
      const entries: DpvsEntry[] = [];
      for (const { text: line, number } of textLines(text)) {
        const found = entry.exec(line);
        if (found !== null) entries.push({ ...toEntry(found), line: number });
        else if (entries.length === 0 && line.trim() !== '') return undefined;
      }
      return entries.length === 0 ? undefined : { kind, entries };
    },
  } as const satisfies Format;
}

/** `dpip addr show`, also with `-s` (iqiyi/dpvs tools/dpip/addr.c). */
export const dpvsAddresses = dpipFormat('addresses', 'DpvsAddresses', ADDRESS, ADDRESS_REST, ([, name = '', device = '']) => ({
  name,
  device,
}));
/** `dpip link show` (tools/dpip/link.c): lines of figures and flags follow each device, with an indent. */
export const dpvsLinks = dpipFormat('links', 'DpvsLinks', LINK, /^\s+\S/, ([, name = '']) => ({ name }));
/** `dpip route show`, `dpip -6 route show` (tools/dpip/route.c). */
export const dpvsRoutes = dpipFormat('routes', 'DpvsRoutes', ROUTE, /^(?!)/, ([, name = '', via, device = '']) => ({
  name,
  ...(via === undefined ? {} : { via }),
  device,
}));
