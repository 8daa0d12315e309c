// What a user of the libraries writes, with every value given the type that the documentation names.
import { decode, renderDiagnostics, type Diagnostic, type Span } from '@netdrift/core';
import { diffSnapshots, readSnapshot, renderJson, renderText, type Change, type Report, type Severity } from '@netdrift/drift';
import { parseIpset, printIpset, type IpSet } from '@netdrift/ipset';
import { parseIptables, printIptables, type Chain, type Match, type Rule, type Target } from '@netdrift/iptables';
import { parseIpvsadm, printIpvsadm, type Destination, type VirtualService } from '@netdrift/ipvsadm';
import { parseModules, printModules, type Module } from '@netdrift/modules';
import * as everything from 'netdrift';

export function servicesOf(listing: Uint8Array): readonly VirtualService[] {
  const { value } = parseIpvsadm(listing);
  return value.kind === 'IpvsadmListing' ? value.services : [];
}

export const destinationsOf = (service: VirtualService): readonly Destination[] => service.destinations;

export function rulesOf(listing: string): readonly Rule[] {
  const { value } = parseIptables(listing);
  if (!('tables' in value)) return [];
  return value.tables.flatMap((table) => table.chains.flatMap((chain: Chain) => chain.rules));
}

export function marksOf(rule: Rule): readonly string[] {
  return rule.matches.flatMap((match: Match) => (match.kind === 'CommentMatch' ? [match.text] : []));
}

export const targetOf = (rule: Rule): Target | undefined => rule.target;

export function setsOf(listing: string): readonly IpSet[] {
  const { value } = parseIpset(listing);
  return 'sets' in value ? value.sets : [];
}

export const modulesOf = (listing: string): readonly Module[] => {
  const { value } = parseModules(listing);
  return value.kind === 'Lsmod' ? value.modules : [];
};

export const again = (listing: string): readonly string[] => [
  printIpvsadm(parseIpvsadm(listing).value),
  printIptables(parseIptables(listing).value),
  printIpset(parseIpset(listing).value),
  printModules(parseModules(listing).value),
];

export const spansOf = (diagnostics: readonly Diagnostic[]): readonly Span[] => diagnostics.map(({ span }) => span);

export const framed = (listing: Uint8Array): string => renderDiagnostics(parseIpvsadm(listing).diagnostics, decode(listing));

export function worst(before: string, after: string): Severity {
  const side = (content: string) => readSnapshot([{ name: 'ipvsadm.txt', content }]);
  const report: Report = diffSnapshots(side(before), side(after));
  const ids: readonly string[] = report.changes.map((change: Change) => change.id);
  return ids.length + renderText(report).length + renderJson(report).length > 0 ? report.maxSeverity : 'none';
}

export const sameFunction: typeof diffSnapshots = everything.diffSnapshots;
