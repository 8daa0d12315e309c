// Everything that a program of its own may need, in one import; who wants less imports the packages. Of two types of one name that of
// `@netdrift/drift` is here; a rule of iptables is an `IptablesRule`.
export {
  CATALOGUE, CAUSE_CATALOGUE, checkSnapshot, checkSnapshots, compareNodes, completenessOf, diffSnapshots, digestNode, expectedState,
  explainSnapshot, explainSnapshots, FINDING_CATALOGUE, fitsPattern, hostName, lastOfEachHost, leftOutOf, leftOutText,
  parsePacketQuestion, parseSection, proxyFacts, reaches, readSnapshot, readSnapshots, renderCheckJson, renderCheckMarkdown,
  renderCheckText, renderDigest, rendererOf, RENDERERS, renderExpectedJson, renderExpectedText, renderExplanationJson,
  renderExplanationMarkdown, renderExplanationText, renderJson, renderJsonLines, renderLines, renderMarkdown, renderNodesJson,
  renderNodesMarkdown, renderNodesText, renderText, renderTraceJson, renderTraceText, RULES, seenFiles, serviceTable, severityPainter, splitSnapshots,
  traceSnapshot, whyIncomplete,
} from '@netdrift/drift';
export type {
  CatalogueEntry, Cause, CauseKind, Certainty, Change, CheckFinding, CheckOptions, CheckRecord, CheckReport, Detail, DiffOptions,
  DigestRecord, EarlierMoments, Effect, EndpointShare, Evidence, ExpectedIpvs, ExpectedState, ExplainedDifference, ExplainedFact, Explanation, Fact,
  FactValue, Facts, Finding, FindingFlow, FindingKind, FlowEnd, FrontendDigest, FrontendPurpose, GivenSettings, IgnoreRule, LeftOut, MarkdownOptions,
  NamedNode, NamedTrace, NodeDifference, NodeDigest, NodeFacts, NodesRecord, NodesReport, Outcome, OutcomeEndpoint, PacketQuestion,
  PacketTrace, ParsedSection, Part, PartCompleteness, PartContent, PartialReason, PathStep, ProxyMode, QuestionFault, ReadTool,
  RefusalReason, RenderOptions, Rendered, Renderer, Report, ReportInput, Rule, SectionCompleteness, SeenFiles, ServiceFrontend,
  ServicePath, ServicePort, ServiceTable, Severity, SeverityPainter, Side, Snapshot, SnapshotFile, SnapshotTrace, SnapshotTrouble, SourceKind,
  SplitSnapshots, Subject, TextOptions, TraceOptions, TraceOutcome, TraceStep, Trouble, Verdict, VersionRange, Witness, WitnessPacket,
} from '@netdrift/drift';
export {
  buildIptables, iptablesDiagnostics, isIptablesNode, locateInIptables, parseIptables, parseIptablesStream, printIptables, printIptablesMatch, printIptablesSave,
  printIptablesTarget, tablesThatHold,
} from '@netdrift/iptables';
export type {
  AddressCondition, AddrtypeMatch, AhMatch, AuditTarget, BpfMatch, CgroupMatch, Chain, ChainTarget, ChecksumTarget, ClassifyTarget,
  ClusterMatch, ClusteripTarget, CommentMatch, ConnbytesMatch, ConnlabelMatch, ConnlimitMatch, ConnmarkMatch, ConnmarkTarget,
  ConnsecmarkTarget, ConntrackMatch, Counters, CpuMatch, CtTarget, DccpMatch, DevgroupMatch, DiagnosticEntry, DnatTarget, DnptTarget,
  DscpMatch, DscpTarget, DstMatch, EcnMatch, EcnTarget, EspMatch, Eui64Match, FragMatch, HashlimitMatch, HbhMatch, HelperMatch, HlMatch,
  HlTarget, HmarkTarget, Icmp6Match, IcmpMatch, IdletimerTarget, InterfaceCondition, IpcompMatch, IprangeMatch, IptablesDiagnosticCode,
  IptablesListing, IptablesNode, IptablesSave, IptablesStreamItem, IptablesValue, Ipv6headerMatch, IpvsMatch, LedTarget, LengthMatch,
  LimitMatch, ListingLayout, LogTarget, MacMatch, MarkMatch, MarkTarget, MasqueradeTarget, Match, MhMatch, MultiportMatch, NatRange,
  NetmapTarget, NfacctMatch, NflogTarget, NfqueueTarget, Notice, NotrackTarget, OsfMatch, OwnerMatch, ParseIptablesOptions, PhysdevMatch,
  PkttypeMatch, PolicyMatch, Port, PortCondition, PortRange, PrintIptablesSaveOptions, ProtocolCondition, QuotaMatch, RateestMatch,
  RateestTarget, RealmMatch, RecentMatch, RedirectTarget, RejectTarget, RpfilterMatch, RtMatch, SaveLayout, SctpMatch, SecmarkTarget,
  SetMatch, SetTarget, SnatTarget, SnptTarget, SocketMatch, SrhMatch, StateMatch, StatisticMatch, StringMatch, SynproxyTarget, Table,
  TableName, Target, TcpMatch, TcpmssMatch, TcpmssTarget, TcpoptstripTarget, TeeTarget, TimeMatch, ToolError, ToolErrorKind, TosMatch,
  TosTarget, TproxyTarget, TraceTarget, TtlMatch, TtlTarget, U32Match, UdpMatch, UlogTarget, UnknownMatch, UnknownTarget, VerdictTarget,
} from '@netdrift/iptables';
export {
  buildIpvsadm, destinationKey, hasServices, ipvsadmDiagnostics, isAddressDestination, isAddressService, isIpvsadmNode, isMarkService, isMatchService, isNamedService,
  locateInIpvsadm, mergeIpvsadm, parseIpvsadm, parseIpvsadmStream, printIpvsadm, printIpvsadmSave, serviceKey,
} from '@netdrift/ipvsadm';
export type {
  AddressDestination, AddressService, Connection, ConnectionEnd, ConnectionsLayout, Destination, DestinationFacts, ForwardMethod,
  IpvsStatistics, IpvsadmConnections, IpvsadmDaemons, IpvsadmDiagnosticCode, IpvsadmEmpty, IpvsadmErrorName, IpvsadmListing, IpvsadmNode,
  IpvsadmOutput, IpvsadmSave, IpvsadmStreamItem, IpvsadmTable, IpvsadmTimeouts, IpvsadmUnknown, IpvsadmValue, ListingForm, MarkService,
  MatchService, NamedDestination, NamedLocation, NamedService, NumericLocation, ParseIpvsadmOptions, Persistence,
  PrintIpvsadmSaveOptions, ServiceFacts, ServiceProtocol, SyncDaemon, Traffic, Tunnel, VirtualService,
} from '@netdrift/ipvsadm';
export {
  buildIpset, containsPacket, ipsetDiagnostics, isIpsetNode, locateInIpset, parseIpset, printIpset,
} from '@netdrift/ipset';
export type {
  AddressElement, AddressRangeElement, ContainsPacketOptions, Direction, Element, IcmpElement, InterfaceElement, IpSet, Ipset,
  IpsetErrorName, IpsetList, IpsetListForm, IpsetListLayout, IpsetNode, IpsetSave, IpsetSaveLayout, MacElement, MarkElement, Member,
  Membership, NameElement, NetElement, PacketFields, ParseIpsetOptions, PortElement, SetElement, SetOptions, UnknownMember,
} from '@netdrift/ipset';
export {
  buildNftables, isNftablesNode, locateInNftables, nftablesDiagnostics, parseNftables, printNftables, printNftExpression, printNftStatement,
} from '@netdrift/nftables';
export type {
  AddressValue, AnonymousSet, Assignment, BinaryExpression, Concatenation, CounterStatement, CtCountStatement, CtExpression, Duration,
  Expression, ExtensionHeaderExpression, FibExpression, FlowStatement, Flowtable, ForwardStatement, HashExpression, HiddenStatement,
  Hook, IpsecExpression, LastStatement, LimitStatement, ListValue, LogStatement, MapLookup, MatchOperator, MetaExpression, NatStatement,
  NftErrorName, NftMap, NftSet, Nftables, NftablesForm, NftablesLayout, NftablesNode, NftablesRuleset, NotrackStatement, NumberValue,
  NumgenExpression, ObjectSetting, ObjectStatement, OptionExpression, OsfExpression, ParseNftablesOptions, PayloadExpression,
  PrefixValue, Priority, QueueStatement, QuotaStatement, RangeValue, RawPayloadExpression, RejectStatement, RouteExpression, SetFlags,
  SetReference, SetUpdate, SocketExpression, Statement, SymbolValue, SynproxyStatement, TableFamily, TableObject, TproxyStatement,
  UnknownExpression, UnknownStatement, VerdictMap, WildcardValue, XtStatement,
} from '@netdrift/nftables';
export {
  buildModules, canonicalModuleName, isModulesNode, locateInModules, moduleAliases, modulesDiagnostics, parseModules, printModules, requiredIpvsModules,
} from '@netdrift/modules';
export type {
  IpvsRequirements, Lsmod, LsmodLayout, MissingModuleEffect, Module, ModuleAlias, ModuleErrorName, ModuleErrors, ModuleFile,
  ModuleNameOptions, ModuleNames, Modules, ModulesBuiltin, ModulesForm, ModulesNode, ParseModulesOptions, ProcModules, RequiredModule,
  RequirementOptions,
} from '@netdrift/modules';
export {
  decode, displayHtml, displayJson, displayMarkdown, displayMarkdownCode, displayText, encode, lineIndex, positionAt, readTranscript,
  renderDiagnostics, visit,
} from '@netdrift/core';
export type {
  Count, Diagnostic, Kinded, LineIndex, NodeBuilder, NodeFields, NodeGuard, NodeKinds, NodePath, ParseResult, Section, Span, Transcript, Visitor,
} from '@netdrift/core';
export type { Rule as IptablesRule } from '@netdrift/iptables';
