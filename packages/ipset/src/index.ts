export { containsPacket, type ContainsPacketOptions } from './contains/contains-packet.ts';
export type { Membership } from './contains/membership.ts';
export type { Direction, PacketFields } from './contains/packet.ts';
export { ipsetDiagnostics, type DiagnosticEntry } from './diagnostics.ts';
export { locateInIpset } from './locate.ts';
export { buildIpset, isIpsetNode } from './nodes.ts';
export { parseIpset, type ParseIpsetOptions } from './parse.ts';
export { printIpset } from './print.ts';
export { type IpsetStreamItem, parseIpsetStream } from './stream.ts';
export type {
  AddressElement,
  AddressRangeElement,
  Element,
  IcmpElement,
  InterfaceElement,
  Ipset,
  IpsetErrorName,
  IpsetList,
  IpsetListForm,
  IpsetListLayout,
  IpsetNode,
  IpsetSave,
  IpsetSaveLayout,
  IpSet,
  MacElement,
  MarkElement,
  Member,
  NameElement,
  NetElement,
  PortElement,
  SetElement,
  SetOptions,
  ToolError,
  UnknownMember,
} from './ast.ts';
