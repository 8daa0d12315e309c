import { addrtypeMatch } from './addrtype.ts';
import { ahMatch } from './ah.ts';
import { bpfMatch } from './bpf.ts';
import { cgroupMatch } from './cgroup.ts';
import { clusterMatch } from './cluster.ts';
import { commentMatch } from './comment.ts';
import { connbytesMatch } from './connbytes.ts';
import { connlabelMatch } from './connlabel.ts';
import { connlimitMatch } from './connlimit.ts';
import { connmarkMatch } from './connmark.ts';
import { conntrackMatch } from './conntrack.ts';
import { cpuMatch } from './cpu.ts';
import { dccpMatch } from './dccp.ts';
import { devgroupMatch } from './devgroup.ts';
import { dscpMatch } from './dscp.ts';
import { dstMatch } from './dst.ts';
import { ecnMatch } from './ecn.ts';
import { espMatch } from './esp.ts';
import { eui64Match } from './eui64.ts';
import { fragMatch } from './frag.ts';
import { hashlimitMatch } from './hashlimit.ts';
import { hbhMatch } from './hbh.ts';
import { helperMatch } from './helper.ts';
import { hlMatch } from './hl.ts';
import { icmpMatch } from './icmp.ts';
import { icmp6Match } from './icmp6.ts';
import { ipcompMatch } from './ipcomp.ts';
import { iprangeMatch } from './iprange.ts';
import { ipv6headerMatch } from './ipv6header.ts';
import { ipvsMatch } from './ipvs.ts';
import { lengthMatch } from './length.ts';
import { limitMatch } from './limit.ts';
import { macMatch } from './mac.ts';
import { markMatch } from './mark.ts';
import { mhMatch } from './mh.ts';
import { multiportMatch } from './multiport.ts';
import { nfacctMatch } from './nfacct.ts';
import { osfMatch } from './osf.ts';
import { ownerMatch } from './owner.ts';
import { physdevMatch } from './physdev.ts';
import { pkttypeMatch } from './pkttype.ts';
import { policyMatch } from './policy.ts';
import { quotaMatch } from './quota.ts';
import { rateestMatch } from './rateest.ts';
import { realmMatch } from './realm.ts';
import { recentMatch } from './recent.ts';
import { rpfilterMatch } from './rpfilter.ts';
import { rtMatch } from './rt.ts';
import { sctpMatch } from './sctp.ts';
import { setMatch } from './set.ts';
import { socketMatch } from './socket.ts';
import { srhMatch } from './srh.ts';
import { stateMatch } from './state.ts';
import { statisticMatch } from './statistic.ts';
import { stringMatch } from './string.ts';
import { tcpMatch } from './tcp.ts';
import { tcpmssMatch } from './tcpmss.ts';
import { timeMatch } from './time.ts';
import { tosMatch } from './tos.ts';
import { ttlMatch } from './ttl.ts';
import { u32Match } from './u32.ts';
import { udpMatch } from './udp.ts';

/** Every match this package knows. Adding one is a file beside this one and a line in this list. */
export const MATCHES = [
  addrtypeMatch,
  ahMatch,
  bpfMatch,
  cgroupMatch,
  clusterMatch,
  commentMatch,
  connbytesMatch,
  connlabelMatch,
  connlimitMatch,
  connmarkMatch,
  conntrackMatch,
  cpuMatch,
  dccpMatch,
  devgroupMatch,
  dscpMatch,
  dstMatch,
  ecnMatch,
  espMatch,
  eui64Match,
  fragMatch,
  hashlimitMatch,
  hbhMatch,
  helperMatch,
  hlMatch,
  icmpMatch,
  icmp6Match,
  ipcompMatch,
  iprangeMatch,
  ipv6headerMatch,
  ipvsMatch,
  lengthMatch,
  limitMatch,
  macMatch,
  markMatch,
  mhMatch,
  multiportMatch,
  nfacctMatch,
  osfMatch,
  ownerMatch,
  physdevMatch,
  pkttypeMatch,
  policyMatch,
  quotaMatch,
  rateestMatch,
  realmMatch,
  recentMatch,
  rpfilterMatch,
  rtMatch,
  sctpMatch,
  setMatch,
  socketMatch,
  srhMatch,
  stateMatch,
  statisticMatch,
  stringMatch,
  tcpMatch,
  tcpmssMatch,
  timeMatch,
  tosMatch,
  ttlMatch,
  u32Match,
  udpMatch,
] as const;
