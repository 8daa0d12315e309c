import { addrtypeMatch } from './addrtype.ts';
import { commentMatch } from './comment.ts';
import { connmarkMatch } from './connmark.ts';
import { conntrackMatch } from './conntrack.ts';
import { icmpMatch } from './icmp.ts';
import { icmp6Match } from './icmp6.ts';
import { ipvsMatch } from './ipvs.ts';
import { limitMatch } from './limit.ts';
import { markMatch } from './mark.ts';
import { multiportMatch } from './multiport.ts';
import { ownerMatch } from './owner.ts';
import { physdevMatch } from './physdev.ts';
import { recentMatch } from './recent.ts';
import { sctpMatch } from './sctp.ts';
import { setMatch } from './set.ts';
import { stateMatch } from './state.ts';
import { statisticMatch } from './statistic.ts';
import { tcpMatch } from './tcp.ts';
import { udpMatch } from './udp.ts';

/** Every match this package knows. Adding one is a file beside this one and a line in this list. */
export const MATCHES = [
  addrtypeMatch,
  commentMatch,
  connmarkMatch,
  conntrackMatch,
  icmpMatch,
  icmp6Match,
  ipvsMatch,
  limitMatch,
  markMatch,
  multiportMatch,
  ownerMatch,
  physdevMatch,
  recentMatch,
  sctpMatch,
  setMatch,
  stateMatch,
  statisticMatch,
  tcpMatch,
  udpMatch,
] as const;
