import type { TokenCode } from '@netdrift/core';
import { JUMP_CODES, MATCH_CODES, SAVE } from '../save/save-grammar.ts';
import type { RulePart } from '../save/save-shape.ts';
import type { RuleLine } from './rule-line.ts';

/**
 * Options without which iptables refuses the extension (`option "--to-destination" must be specified`): of each row one. What they say is
 * in the node, so without them there is no node. Source: XTOPT_MAND and the `x6_fcheck` functions of extensions/ in iptables 1.8.11.
 */
const NEEDED: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['cluster', [['--cluster-total-nodes'], ['--cluster-local-nodemask'], ['--cluster-hash-seed']]],
  ['connbytes', [['--connbytes'], ['--connbytes-dir'], ['--connbytes-mode']]],
  ['connlabel', [['--label']]],
  ['connlimit', [['--connlimit-upto', '--connlimit-above']]],
  ['cpu', [['--cpu']]],
  ['dscp', [['--dscp', '--dscp-class']]],
  ['hashlimit', [['--hashlimit-upto', '--hashlimit-above']]],
  ['helper', [['--helper']]],
  ['hl', [['--hl-eq', '--hl-lt', '--hl-gt']]],
  ['ipv6header', [['--header']]],
  ['length', [['--length']]],
  ['mac', [['--mac-source']]],
  ['nfacct', [['--nfacct-name']]],
  ['pkttype', [['--pkt-type']]],
  ['policy', [['--dir'], ['--pol']]],
  ['quota', [['--quota']]],
  [
    'rateest',
    [
      ['--rateest', '--rateest1', '--rateest2'],
      ['--rateest-lt', '--rateest-gt', '--rateest-eq'],
    ],
  ],
  ['realm', [['--realm']]],
  ['recent', [['--set', '--rcheck', '--update', '--remove']]],
  ['set', [['--match-set']]],
  ['string', [['--string', '--hex-string'], ['--algo']]],
  ['tcpmss', [['--mss']]],
  ['tos', [['--tos']]],
  ['ttl', [['--ttl-eq', '--ttl-lt', '--ttl-gt']]],
  ['u32', [['--u32']]],
  ['AUDIT', [['--type']]],
  ['CLASSIFY', [['--set-class']]],
  ['CONNMARK', [['--set-xmark', '--set-mark', '--and-mark', '--or-mark', '--xor-mark', '--save-mark', '--restore-mark']]],
  ['CONNSECMARK', [['--save', '--restore']]],
  ['DNAT', [['--to-destination']]],
  ['DNPT', [['--src-pfx'], ['--dst-pfx']]],
  ['DSCP', [['--set-dscp', '--set-dscp-class']]],
  ['HL', [['--hl-set', '--hl-inc', '--hl-dec']]],
  ['IDLETIMER', [['--timeout'], ['--label']]],
  ['LED', [['--led-trigger-id']]],
  ['MARK', [['--set-xmark', '--set-mark', '--and-mark', '--or-mark', '--xor-mark']]],
  ['NETMAP', [['--to']]],
  ['RATEEST', [['--rateest-name'], ['--rateest-interval'], ['--rateest-ewmalog']]],
  ['SECMARK', [['--selctx']]],
  ['SET', [['--add-set', '--del-set', '--map-set']]],
  ['SNAT', [['--to-source']]],
  ['SNPT', [['--src-pfx'], ['--dst-pfx']]],
  ['TCPMSS', [['--set-mss', '--clamp-mss-to-pmtu']]],
  ['TEE', [['--gateway']]],
  ['TOS', [['--set-tos', '--and-tos', '--or-tos', '--xor-tos']]],
  ['TPROXY', [['--on-port']]],
  ['TTL', [['--ttl-set', '--ttl-inc', '--ttl-dec']]],
]);

interface Need {
  /** As a message names it. */
  readonly text: string;
  readonly codes: ReadonlySet<TokenCode>;
}

/** By the token of `-m NAME` or `-j NAME`. */
const NEEDS: ReadonlyMap<TokenCode, readonly Need[]> = new Map(
  [...MATCH_CODES, ...JUMP_CODES].flatMap(([name, code]) => {
    const needed = NEEDED.get(name);
    return needed === undefined
      ? []
      : [[code, needed.map((options) => ({ text: options.join(' or '), codes: new Set(options.map(SAVE.code)) }))] as const];
  }),
);

/** Names of the extensions that need options, for the test that leaves them out. */
export const NAMES_WITH_NEEDS: readonly string[] = [...NEEDED.keys()];

/** The option that an extension cannot be without and that its part of a line lacks; undefined where nothing is missing. */
export function missingOption(
  line: RuleLine,
  { first, end }: RulePart & { readonly first: number; readonly end: number },
): string | undefined {
  for (const { text, codes } of NEEDS.get(line.type(first)) ?? []) {
    let isThere = false;
    for (let index = first + 1; index < end && !isThere; index += 1) isThere = codes.has(line.type(index));
    if (!isThere) return text;
  }
  return undefined;
}
