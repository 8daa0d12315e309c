import type { Format } from '../format.ts';

/** `uname -a` */
export const unameSystem: Format = {
  tool: 'uname',
  form: 'system',
  blank: 'end',
  starts: (line) => (/^Linux \S+ \d+\.\d+\S* /.test(line) ? 'title' : undefined),
  continues: () => false,
};

/** `uname -r`: a version alone, which only the command tells. */
export const unameRelease: Format = {
  tool: 'uname',
  form: 'release',
  blank: 'end',
  starts: (line, { command = '' }) => (/\buname\s+-r\b/.test(command) && /^\d+\.\d+\.\S+\s*$/.test(line) ? 'row' : undefined),
  continues: () => false,
};

/** `2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc …`; `ip link`, which shows no addresses, adds `mode DEFAULT`. */
const INTERFACE = /^\d+: [\w.@:-]+: <(?!.* mode (?:DEFAULT|DORMANT) )/;

/** `ip addr` */
export const ipAddresses: Format = {
  tool: 'ip',
  form: 'addresses',
  blank: 'drop',
  starts: (line) => (INTERFACE.test(line) ? 'title' : undefined),
  continues: (line) => INTERFACE.test(line) || /^\s+(?:link\/|inet6? |valid_lft |alias |altname |RX|TX|\d)/.test(line),
};

/**
 * `default via 192.0.2.1 dev eth0 proto dhcp`, `10.244.1.0/24 dev cni0 scope link src 10.244.1.1`, `local 10.0.0.1 dev kube-ipvs0 table
 * local`, `blackhole 10.0.0.0/8`
 */
const ROUTE =
  /^(?:(?:(?:unicast|local|broadcast|multicast|anycast) )?(?:default|\d+\.\d+\.\d+\.\d+(?:\/\d+)?|[0-9a-f]{0,4}:[0-9a-f:.]*(?:\/\d+)?) (?:via \S+ |proto \S+ |table \S+ |nhid \d+ |scope \S+ )*dev \S+(?=\s|$)(?! lladdr )|(?:blackhole|unreachable|prohibit|throw) (?:default|[\da-f.:/]+)(?: |$)|(?:default|[\d.]+\/\d+) (?:proto \S+ )?(?:metric \d+ )?$)/;

/** `ip route`, of one table or of all */
export const ipRoutes: Format = {
  tool: 'ip',
  form: 'routes',
  blank: 'drop',
  starts: (line) => (ROUTE.test(line) ? 'title' : undefined),
  continues: (line) => ROUTE.test(line) || /^\s+nexthop /.test(line),
};

const RULE = /^\d{1,10}:\s+(?:not )?from (?:all|[\da-f.:/]+)(?:\s|$)/;

/** `ip rule` */
export const ipRules: Format = {
  tool: 'ip',
  form: 'rules',
  blank: 'drop',
  starts: (line) => (RULE.test(line) ? 'title' : undefined),
  continues: (line) => RULE.test(line),
};

/** `ss -lntu` */
export const listeningSockets: Format = {
  tool: 'ss',
  form: 'sockets',
  blank: 'end',
  starts: (line) => (/^Netid +State +Recv-Q +Send-Q +Local Address:Port/.test(line) ? 'title' : undefined),
  continues: (line) => /^(?:tcp|udp|sctp) +(?:LISTEN|UNCONN) +\d+ +\d+ /.test(line),
};

const SETTING = /^(?:net|kernel|vm|fs|user|dev)(?:\.[\w/*-]+)+ ?= ?/;

/** `sysctl net.ipv4.vs.conntrack`, and files of such lines */
export const sysctlValues: Format = {
  tool: 'sysctl',
  form: 'values',
  hashComments: true,
  blank: 'drop',
  starts: (line) => (SETTING.test(line) ? 'row' : undefined),
  continues: (line) => SETTING.test(line),
};
