export { ipvsadmDiagnostics, type DiagnosticEntry, type IpvsadmDiagnosticCode } from './diagnostics.ts';
export { hasServices, isAddressDestination, isAddressService, isMarkService, isMatchService, isNamedService } from './guards.ts';
export { destinationKey, serviceKey } from './identity.ts';
export { locateInIpvsadm } from './locate.ts';
export { mergeIpvsadm } from './merge/merge.ts';
export type { IpvsadmOutput } from './output-reader.ts';
export { buildIpvsadm, isIpvsadmNode } from './nodes.ts';
export { parseIpvsadm, type ParseIpvsadmOptions } from './parse.ts';
export { printIpvsadm } from './print.ts';
export { printIpvsadmSave, type PrintIpvsadmSaveOptions } from './print-save.ts';
export { parseIpvsadmStream, type IpvsadmStreamItem } from './stream.ts';

export type {
  AddressDestination,
  AddressService,
  Connection,
  ConnectionEnd,
  ConnectionsLayout,
  Destination,
  DestinationFacts,
  ForwardMethod,
  IpvsadmConnections,
  IpvsadmDaemons,
  IpvsadmEmpty,
  IpvsadmErrorName,
  IpvsadmListing,
  IpvsadmNode,
  IpvsadmSave,
  IpvsadmTable,
  IpvsadmTimeouts,
  IpvsadmUnknown,
  IpvsadmValue,
  IpvsStatistics,
  ListingForm,
  ListingLayout,
  MarkService,
  MatchService,
  NamedDestination,
  NamedLocation,
  NamedService,
  NumericLocation,
  Persistence,
  SaveLayout,
  ServiceFacts,
  ServiceProtocol,
  SyncDaemon,
  ToolError,
  Traffic,
  Tunnel,
  VirtualService,
} from './ast.ts';
