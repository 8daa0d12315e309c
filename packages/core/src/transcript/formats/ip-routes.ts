import { textLines } from '../../text/text-lines.ts';
import type { Format } from '../format.ts';

/** One route; a missing key is not shown. */
export interface ShownRoute {
  /** As printed: `default`, `10.244.1.0/24`. */
  readonly destination: string;
  /** `local`, `blackhole` and the like; missing = unicast. */
  readonly type?: string;
  readonly via?: string;
  readonly device?: string;
  /** Missing = the table that was asked for, `main` where none was. */
  readonly table?: string;
  readonly source?: string;
  readonly line: number;
}

/** What `ip route` shows. */
export interface Routes {
  readonly kind: 'Routes';
  readonly routes: readonly ShownRoute[];
}

/**
 * `default via 192.0.2.1 dev eth0 proto dhcp`, `10.244.1.0/24 dev cni0 scope link src 10.244.1.1`, `local 10.0.0.1 dev kube-ipvs0 table
 * local`, `blackhole 10.0.0.0/8`
 */
const ROUTE =
  /^(?:(?:(?:unicast|local|broadcast|multicast|anycast) )?(?:default|\d+\.\d+\.\d+\.\d+(?:\/\d+)?|[0-9a-f]{0,4}:[0-9a-f:.]*(?:\/\d+)?) (?:via \S+ |proto \S+ |table \S+ |nhid \d+ |scope \S+ )*dev \S+(?=\s|$)(?! lladdr )|(?:blackhole|unreachable|prohibit|throw) (?:default|[\da-f.:/]+)(?: |$)|(?:default|[\d.]+\/\d+) (?:proto \S+ )?(?:metric \d+ )?$)/;

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
/** Words of a route that is no row of `ip neigh` or another tool. */
const ROUTE_WORDS: readonly string[] = ['dev', 'via', 'scope', 'proto', 'table'];

/**
 * `ip route` and `ip -6 route`, of one table or of all (`show table all`; iproute2 ip/iproute.c, print_route). Lines of further hops belong
 * to the route above.
 */
export const ipRoutes = {
  tool: 'ip',
  form: 'routes',
  programs: ['ip'],
  blank: 'drop',
  starts: (line) => (ROUTE.test(line) ? 'title' : undefined),
  continues: (line) => ROUTE.test(line) || /^\s+nexthop /.test(line),
  title: 'ip route',
  read: (text): Routes | undefined => {
    const routes: ShownRoute[] = [];
    for (const { text: line, number } of textLines(text)) {
      const words = line.trim().split(/\s+/);
      const type = TYPES.has(words[0] ?? '') ? words.shift() : undefined;
      const [destination = '', ...rest] = words;
      if (line.startsWith('\t') || destination === 'nexthop') continue;
      const isRoute = isDestination(destination) && !rest.includes('lladdr');
      if (!isRoute || (type === undefined && !rest.some((word) => ROUTE_WORDS.includes(word)))) {
        if (line.trim() !== '') return undefined;
        continue;
      }
      const value = (key: string): string | undefined => (rest.includes(key) ? rest[rest.indexOf(key) + 1] : undefined);
      const shown = (name: keyof ShownRoute, key: string): Partial<ShownRoute> => (value(key) === undefined ? {} : { [name]: value(key) });
      routes.push({
        destination,
        ...(type === undefined ? {} : { type }),
        ...shown('via', 'via'),
        ...shown('device', 'dev'),
        ...shown('table', 'table'),
        ...shown('source', 'src'),
        line: number,
      });
    }
    return routes.length === 0 ? undefined : { kind: 'Routes', routes };
  },
} as const satisfies Format;

function isDestination(word: string): boolean {
  return (
    word === 'default' || /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/.test(word) || /^[0-9a-f]{0,4}:[0-9a-f:.]*(?:\/\d{1,3})?$/i.test(word)
  );
}
