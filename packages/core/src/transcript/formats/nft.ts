import type { Format } from '../format.ts';

const FAMILY = '(?:ip6?|inet|arp|bridge|netdev)';
/** `table ip kube-proxy {`, `table inet firewalld { # progname firewalld` */
const TABLE = new RegExp(String.raw`^table ${FAMILY} \S+ \{(?:\s*#.*|\s*\})?\s*$`);
const NAMED_TABLE = new RegExp(String.raw`^table ${FAMILY} \S+\s*$`);
/** `add rule ip nat postrouting …`, `flush ruleset`, `#!/usr/sbin/nft -f` */
const COMMAND = new RegExp(
  String.raw`^(?:#!.*\bnft\b.*-f|flush ruleset|(?:add|create|insert|delete|destroy|flush) (?:table|chain|rule|set|map|element|flowtable|counter) (?:${FAMILY} )?\S)`,
);
const WARNING = new RegExp(String.raw`^# Warning: table ${FAMILY} \S+ is managed by iptables-nft`);
const NOTE = /^(?:XT (?:target|match) \S+ not found|#(?! (?:Generated |Completed |Warning: ip6?tables-)))/;

/** `nft list …`, and files for `nft -f`. */
export const nftListing = {
  tool: 'nft',
  form: 'listing',
  programs: ['nft'],
  blank: 'keep',
  starts: (line) => (TABLE.test(line) || COMMAND.test(line) || WARNING.test(line) ? 'title' : undefined),
  // What stands in a block is indented; rows that a terminal wrapped are joined before.
  continues: (line) =>
    /^\s+\S/.test(line) || line.startsWith('}') || TABLE.test(line) || COMMAND.test(line) || NOTE.test(line) || /^define \S/.test(line),
  once: (line) => (TABLE.test(line) ? /^table \S+ \S+/.exec(line)?.[0] : undefined),
  announces: (line, { next }) => (WARNING.test(line) && TABLE.test(next()) ? /^table \S+ \S+/.exec(next())?.[0] : undefined),
} as const satisfies Format;

/** `nft list tables`: names alone. */
export const nftTables = {
  tool: 'nft',
  form: 'names',
  blank: 'end',
  starts: (line, { command }) => (NAMED_TABLE.test(line) && (command === undefined || /\bnft\b/.test(command)) ? 'row' : undefined),
  continues: (line) => NAMED_TABLE.test(line),
  once: (line) => line.trim(),
} as const satisfies Format;

/** `nft -j list …`: one document, told by its first key. */
export const nftJson = {
  tool: 'nft',
  form: 'json',
  blank: 'keep',
  starts: () => undefined,
  continues: () => false,
} as const satisfies Format;
