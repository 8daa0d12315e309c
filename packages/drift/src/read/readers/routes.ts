import type { Reader } from './reader.ts';
import type { ReadRoute, ReadRule, ReadSocket } from './read-values.ts';
import { textLines } from './text-lines.ts';

const TYPES: ReadonlySet<string> = new Set([
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'throw',
  'unreachable',
  'prohibit',
  'blackhole',
  'nat',
  'anycast',
]);

/**
 * Reads `ip route` and `ip -6 route`, of one table or of all (`show table all`; iproute2: ip/iproute.c, print_route). Lines of further hops
 * belong to the route above.
 */
export const routes: Reader = {
  title: 'ip route',
  read: (text) => {
    const found: ReadRoute[] = [];
    for (const { text: line, number } of textLines(text)) {
      const words = line.trim().split(/\s+/);
      const type = TYPES.has(words[0] ?? '') ? words.shift() : undefined;
      const [destination = '', ...rest] = words;
      if (line.startsWith('\t') || destination === 'nexthop') continue;
      if (
        !isDestination(destination) ||
        rest.includes('lladdr') ||
        !(
          rest.some((word) => word === 'dev' || word === 'via' || word === 'scope' || word === 'proto' || word === 'table') ||
          type !== undefined
        )
      ) {
        if (line.trim() !== '') return undefined;
        continue;
      }
      const value = (key: string): string | undefined => (rest.includes(key) ? rest[rest.indexOf(key) + 1] : undefined);
      const shown = (name: keyof ReadRoute, key: string): Partial<ReadRoute> => (value(key) === undefined ? {} : { [name]: value(key) });
      found.push({
        destination,
        ...(type === undefined ? {} : { type }),
        ...shown('via', 'via'),
        ...shown('device', 'dev'),
        ...shown('table', 'table'),
        ...shown('source', 'src'),
        line: number,
      });
    }
    return found.length === 0 ? undefined : { kind: 'Routes', routes: found };
  },
};

function isDestination(word: string): boolean {
  return (
    word === 'default' || /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/.test(word) || /^[0-9a-f]{0,4}:[0-9a-f:.]*(?:\/\d{1,3})?$/i.test(word)
  );
}

/** Reads `ip rule` and `ip -6 rule` (iproute2: ip/iprule.c, print_rule): `32766:	from all lookup main`. */
export const rules: Reader = {
  title: 'ip rule',
  read: (text) => {
    const found: ReadRule[] = [];
    for (const { text: line, number } of textLines(text)) {
      const rule = /^(\d{1,10}):\s+((?:not )?from \S+.*)$/.exec(line.trimEnd());
      if (rule === null) {
        if (line.trim() !== '') return undefined;
        continue;
      }
      const [, priority = '', words = ''] = rule;
      const [, mark] = /\bfwmark (\S+)/.exec(words) ?? [];
      const [, table] = /\blookup (\S+)/.exec(words) ?? [];
      found.push({
        priority: Number(priority),
        selector: words.replace(/ ?\blookup \S+/, ''),
        ...(mark === undefined ? {} : { mark }),
        ...(table === undefined ? {} : { table }),
        line: number,
      });
    }
    return found.length === 0 ? undefined : { kind: 'RoutingRules', rules: found };
  },
};

/** Reads the listening sockets of `ss -lntu`, with `-p` or without (iproute2: misc/ss.c). */
export const sockets: Reader = {
  title: 'ss -lntu',
  read: (text) => {
    const found: ReadSocket[] = [];
    let titled = false;
    for (const { text: line, number } of textLines(text)) {
      if (/^Netid\s+State\s/.test(line)) titled = true;
      const [, protocol, state = '', address = '', port = ''] =
        /^(tcp|udp|sctp)\s+(LISTEN|UNCONN)\s+\d+\s+\d+\s+(\S+):(\d+|\*)\s/.exec(`${line} `) ?? [];
      if (protocol !== undefined)
        found.push({
          protocol,
          state,
          address: address.replace(/%\S+$/, '').replace(/^\[|\]$/g, ''),
          ...(port === '*' ? {} : { port: Number(port) }),
          line: number,
        });
    }
    return titled && found.length > 0 ? { kind: 'Sockets', sockets: found } : undefined;
  },
};
