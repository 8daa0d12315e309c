export type {
  Chain,
  Counters,
  InterfaceCondition,
  IptablesListing,
  IptablesNode,
  IptablesSave,
  IptablesValue,
  Match,
  Notice,
  Rule,
  SaveLayout,
  Table,
  Target,
  ToolError,
  ToolErrorKind,
} from './ast.ts';
export type { ListingLayout } from './listing/listing-layout.ts';
export type { ProtocolCondition } from './fields/protocol-condition.ts';
export type { AddressCondition } from './fields/address-condition.ts';
export type { Port, PortCondition, PortRange } from './fields/port-condition.ts';
export type { NatRange } from './fields/nat-range.ts';
export type { AddrtypeMatch } from './matches/addrtype.ts';
export type { AhMatch } from './matches/ah.ts';
export type { BpfMatch } from './matches/bpf.ts';
export type { CgroupMatch } from './matches/cgroup.ts';
export type { ClusterMatch } from './matches/cluster.ts';
export type { CommentMatch } from './matches/comment.ts';
export type { ConnbytesMatch } from './matches/connbytes.ts';
export type { ConnlabelMatch } from './matches/connlabel.ts';
export type { ConnlimitMatch } from './matches/connlimit.ts';
export type { ConnmarkMatch } from './matches/connmark.ts';
export type { ConntrackMatch } from './matches/conntrack.ts';
export type { CpuMatch } from './matches/cpu.ts';
export type { DccpMatch } from './matches/dccp.ts';
export type { DevgroupMatch } from './matches/devgroup.ts';
export type { DscpMatch } from './matches/dscp.ts';
export type { DstMatch } from './matches/dst.ts';
export type { EcnMatch } from './matches/ecn.ts';
export type { EspMatch } from './matches/esp.ts';
export type { Eui64Match } from './matches/eui64.ts';
export type { FragMatch } from './matches/frag.ts';
export type { HashlimitMatch } from './matches/hashlimit.ts';
export type { HbhMatch } from './matches/hbh.ts';
export type { HelperMatch } from './matches/helper.ts';
export type { HlMatch } from './matches/hl.ts';
export type { IcmpMatch } from './matches/icmp.ts';
export type { Icmp6Match } from './matches/icmp6.ts';
export type { IpcompMatch } from './matches/ipcomp.ts';
export type { IprangeMatch } from './matches/iprange.ts';
export type { Ipv6headerMatch } from './matches/ipv6header.ts';
export type { IpvsMatch } from './matches/ipvs.ts';
export type { LengthMatch } from './matches/length.ts';
export type { LimitMatch } from './matches/limit.ts';
export type { MacMatch } from './matches/mac.ts';
export type { MarkMatch } from './matches/mark.ts';
export type { MhMatch } from './matches/mh.ts';
export type { MultiportMatch } from './matches/multiport.ts';
export type { NfacctMatch } from './matches/nfacct.ts';
export type { OsfMatch } from './matches/osf.ts';
export type { OwnerMatch } from './matches/owner.ts';
export type { PhysdevMatch } from './matches/physdev.ts';
export type { PkttypeMatch } from './matches/pkttype.ts';
export type { PolicyMatch } from './matches/policy.ts';
export type { QuotaMatch } from './matches/quota.ts';
export type { RateestMatch } from './matches/rateest.ts';
export type { RealmMatch } from './matches/realm.ts';
export type { RecentMatch } from './matches/recent.ts';
export type { RpfilterMatch } from './matches/rpfilter.ts';
export type { RtMatch } from './matches/rt.ts';
export type { SctpMatch } from './matches/sctp.ts';
export type { SetMatch } from './matches/set.ts';
export type { SocketMatch } from './matches/socket.ts';
export type { SrhMatch } from './matches/srh.ts';
export type { StateMatch } from './matches/state.ts';
export type { StatisticMatch } from './matches/statistic.ts';
export type { StringMatch } from './matches/string.ts';
export type { TcpMatch } from './matches/tcp.ts';
export type { TcpmssMatch } from './matches/tcpmss.ts';
export type { TimeMatch } from './matches/time.ts';
export type { TosMatch } from './matches/tos.ts';
export type { TtlMatch } from './matches/ttl.ts';
export type { U32Match } from './matches/u32.ts';
export type { UdpMatch } from './matches/udp.ts';
export type { UnknownMatch } from './matches/unknown.ts';
export type { AuditTarget } from './targets/audit.ts';
export type { ChainTarget } from './targets/chain.ts';
export type { ChecksumTarget } from './targets/checksum.ts';
export type { ClassifyTarget } from './targets/classify.ts';
export type { ClusteripTarget } from './targets/clusterip.ts';
export type { ConnmarkTarget } from './targets/connmark.ts';
export type { ConnsecmarkTarget } from './targets/connsecmark.ts';
export type { CtTarget } from './targets/ct.ts';
export type { DnatTarget } from './targets/dnat.ts';
export type { DnptTarget } from './targets/dnpt.ts';
export type { DscpTarget } from './targets/dscp.ts';
export type { EcnTarget } from './targets/ecn.ts';
export type { HlTarget } from './targets/hl.ts';
export type { HmarkTarget } from './targets/hmark.ts';
export type { IdletimerTarget } from './targets/idletimer.ts';
export type { LedTarget } from './targets/led.ts';
export type { LogTarget } from './targets/log.ts';
export type { MarkTarget } from './targets/mark.ts';
export type { MasqueradeTarget } from './targets/masquerade.ts';
export type { NetmapTarget } from './targets/netmap.ts';
export type { NflogTarget } from './targets/nflog.ts';
export type { NfqueueTarget } from './targets/nfqueue.ts';
export type { NotrackTarget } from './targets/notrack.ts';
export type { RateestTarget } from './targets/rateest.ts';
export type { RedirectTarget } from './targets/redirect.ts';
export type { RejectTarget } from './targets/reject.ts';
export type { SecmarkTarget } from './targets/secmark.ts';
export type { SetTarget } from './targets/set.ts';
export type { SnatTarget } from './targets/snat.ts';
export type { SnptTarget } from './targets/snpt.ts';
export type { SynproxyTarget } from './targets/synproxy.ts';
export type { TcpmssTarget } from './targets/tcpmss.ts';
export type { TcpoptstripTarget } from './targets/tcpoptstrip.ts';
export type { TeeTarget } from './targets/tee.ts';
export type { TosTarget } from './targets/tos.ts';
export type { TproxyTarget } from './targets/tproxy.ts';
export type { TraceTarget } from './targets/trace.ts';
export type { TtlTarget } from './targets/ttl.ts';
export type { UlogTarget } from './targets/ulog.ts';
export type { UnknownTarget } from './targets/unknown.ts';
export type { VerdictTarget } from './targets/verdict.ts';
export { iptablesDiagnostics, type DiagnosticEntry, type IptablesDiagnosticCode } from './diagnostics.ts';
export { locateInIptables } from './locate.ts';
export { buildIptables, isIptablesNode } from './nodes.ts';
export { openIptables, type IptablesDocument } from './document.ts';
export { parseIptables, type ParseIptablesOptions } from './parse.ts';
export { printIptables } from './print.ts';
export { printIptablesMatch, printIptablesTarget } from './rule/print-part.ts';
export { parseIptablesStream, type IptablesStreamItem } from './stream.ts';
export { tablesThatHold } from './listing/tables-that-hold.ts';
export type { TableName } from './listing/table-signs.ts';
export { printIptablesSave, type PrintIptablesSaveOptions } from './save/print-restore.ts';
