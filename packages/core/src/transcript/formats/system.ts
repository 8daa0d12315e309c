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
  starts: (line, { command = '' }) =>
    /\buname\s+-r\b/.test(command) && /^\d+\.\d+\.\S+\s*$/.test(line) ? 'row' : undefined,
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
