export { decode, displayText, encode, readTranscript, renderDiagnostics, type Diagnostic, type ParseResult, type Span } from '@netdrift/core';
export {
  CATALOGUE,
  diffSnapshots,
  readSnapshot,
  renderJson,
  renderText,
  type Change,
  type DiffOptions,
  type Report,
  type Severity,
  type Snapshot,
  type SnapshotFile,
  type TextOptions,
} from '@netdrift/drift';
export { containsPacket, parseIpset, printIpset, type Ipset } from '@netdrift/ipset';
export { parseIptables, printIptables, type IptablesValue } from '@netdrift/iptables';
export { parseIpvsadm, parseIpvsadmStream, printIpvsadm, printIpvsadmSave, type IpvsadmOutput } from '@netdrift/ipvsadm';
export { locateInNftables, parseNftables, printNftables, type Nftables } from '@netdrift/nftables';
export { parseModules, printModules, requiredIpvsModules, type Modules } from '@netdrift/modules';
