import { printCount, protocolName, type Count } from '@netdrift/core';
import { printListedAddress, type AddressCondition } from '../fields/address-condition.ts';
import type { Chain, InterfaceCondition, IptablesListing, Match, Rule, Target } from '../ast.ts';
import type { ProtocolCondition } from '../fields/protocol-condition.ts';
import { matchOfKind, targetOfKind } from '../extensions.ts';
import type { PrintStyle } from '../extension.ts';
import { printNotice } from '../notice.ts';
import type { ListingLayout } from './listing-layout.ts';

/** The text of a listing as `iptables -L` prints it. */
export function printListing(listing: IptablesListing): string {
  const { layout } = listing;
  const style = listingStyle(listing);
  const lines: string[] = [];
  const hasHeaders = layout.headerless !== true;
  let first = true;
  listing.tables.forEach((table, index) => {
    for (const notice of listing.notices) if (notice.before === index) lines.push(printNotice(notice));
    for (const chain of table.chains) {
      // Nobody knows the chain of rules without a title; behind another chain it was left out with other lines.
      const isNamed = hasHeaders && chain.name !== '';
      if (!first) lines.push(isNamed || !hasHeaders ? '' : '...');
      first = false;
      if (isNamed) lines.push(printChainHeader(chain, layout), printColumnHeader(layout));
      for (const rule of chain.rules) lines.push(printRule(rule, layout, style));
    }
  });
  for (const notice of listing.notices) if (notice.before >= listing.tables.length) lines.push(printNotice(notice));
  return lines.map((line) => `${line}\n`).join('');
}

/** What extensions must know to print as the tool did that printed this listing. */
function listingStyle(listing: Pick<IptablesListing, 'family' | 'layout'>): PrintStyle {
  const spellings = new Set(listing.layout.spellings ?? []);
  return {
    names: listing.layout.names === true,
    family: listing.family ?? 'ipv4',
    spells: (spelling) => spellings.has(spelling),
  };
}

function printChainHeader({ name, policy, counters, references }: Chain, layout: ListingLayout): string {
  if (policy === undefined) return `Chain ${name} (${references ?? 0} references)`;
  const counted =
    counters === undefined ? '' : ` ${printFigure(counters.packets, layout)} packets, ${printFigure(counters.bytes, layout)} bytes`;
  return `Chain ${name} (policy ${policy}${counted})`;
}

function printColumnHeader({ lineNumbers, verbose, exact }: ListingLayout): string {
  const counters = verbose ? (exact === true ? '    pkts      bytes ' : ' pkts bytes ') : '';
  return `${lineNumbers ? 'num  ' : ''}${counters}target     prot opt ${verbose ? 'in     out     ' : ''}source               destination         `;
}

/** One rule's line. Every field is padded and none is cut. */
function printRule(rule: Rule, layout: ListingLayout, style: PrintStyle): string {
  const { target } = rule;
  const extension = target === undefined ? undefined : targetOfKind(target.kind);
  const column = target === undefined ? '' : (extension?.column ?? target.name);
  let line = layout.lineNumbers ? `${String(rule.num ?? 0).padEnd(4)} ` : '';
  if (layout.verbose) {
    const width = layout.exact === true ? 8 : 5;
    line += `${printFigure(rule.counters?.packets ?? 0, layout).padStart(width)} ${printFigure(rule.counters?.bytes ?? 0, layout).padStart(width)} `;
  }
  line += `${padded(column, 9)} ${printProtocol(rule.protocol, layout)}${printOpt(rule, layout, style)} `;
  if (layout.verbose) line += ` ${printInterface(rule.in, style)} ${printInterface(rule.out, style)} `;
  line += `${printAddress(rule.source)} ${printAddress(rule.destination)} `;
  if (rule.goto === true) line += '[goto] ';
  for (const match of rule.matches) line += printMatch(match, style);
  return line + (target === undefined ? '' : printTarget(target, style));
}

/** Without `-x` what is above 99999 is shortened, rounding at each step: libxtables, `xtables_print_num`. */
function printFigure(count: Count, { exact }: ListingLayout): string {
  const text = printCount(count);
  if (exact !== false || text.length < 6 || !/^[0-9]+$/.test(text)) return text;
  let figure = BigInt(text);
  for (const unit of ['K', 'M', 'G', 'T']) {
    figure = BigInt.asUintN(64, figure + 500n) / 1000n;
    if (figure <= 9999n || unit === 'T') return `${figure}${unit}`;
  }
  return text;
}

function printProtocol({ not, name, number }: ProtocolCondition, { protocolStyle, protocolColumn, spellings }: ListingLayout): string {
  const text = number === undefined ? name : (systemName(number, spellings) ?? protocolName(number, protocolStyle));
  const sign = not ? '!' : ' ';
  return protocolColumn === 'glued' ? `${sign}${text.padEnd(5)}` : `${sign}${text.padEnd(4)} `;
}

/** Without `-n` a protocol may have a name of the system's protocol file; the layout keeps those that were seen. */
function systemName(number: number, spellings: readonly string[] | undefined): string | undefined {
  const prefix = `protocol ${number} `;
  return spellings?.find((spelling) => spelling.startsWith(prefix))?.slice(prefix.length);
}

function printOpt({ fragment }: Rule, { optStyle }: ListingLayout, { family }: PrintStyle): string {
  if (fragment !== undefined) return fragment.not ? '!f' : '-f';
  return family === 'ipv6' && optStyle === 'blank' ? '  ' : '--';
}

function printInterface(condition: InterfaceCondition | undefined, { names }: PrintStyle): string {
  const { not, name } = condition ?? { not: false, name: '*' };
  return padded(`${not ? '!' : ''}${name === '*' && names ? 'any' : name}`, 6);
}

function printAddress(condition: AddressCondition): string {
  return `${condition.not ? '!' : ' '}${padded(printListedAddress(condition), 19)}`;
}

/** The text of a match with the blank before it. */
function printMatch(match: Match, style: PrintStyle): string {
  if (match.kind === 'UnknownMatch') return printUnknown(match.text);
  const extension = matchOfKind(match.kind);
  const text = extension === undefined ? '' : extension.print(match, style);
  return extension?.joined === true || text === '' ? text : ` ${text}`;
}

/** Where the tool lacks the library of an extension it says so without a blank before it, and with one behind. */
function printUnknown(text: string): string {
  return /^(?:UNKNOWN match `|\[\d+ bytes of unknown target data\])/.test(text) ? `${text} ` : ` ${text}`;
}

function printTarget(target: Target, style: PrintStyle): string {
  if (target.kind === 'UnknownTarget') return target.text === '' ? '' : printUnknown(target.text);
  const extension = targetOfKind(target.kind);
  const text = extension?.print(target, style) ?? '';
  return text === '' || extension?.joined?.(style) === true ? text : ` ${text}`;
}

/** The tools pad by bytes; a byte that is not UTF-8 is one character of the text. */
function padded(text: string, width: number): string {
  if (text.length >= width) return text;
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff)) bytes += 1;
    else bytes += code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return text + ' '.repeat(Math.max(0, width - bytes));
}
