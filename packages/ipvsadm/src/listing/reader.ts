import { printCount, type Count, type Span } from '@netdrift/core';
import type { Destination, IpvsadmListing, ListingForm, ListingLayout, VirtualService } from '../ast.ts';
import { lastLineOpen, report } from '../diagnostics.ts';
import type { Draft } from '../draft.ts';
import { isDiagnostic, lineReader } from '../line-reader.ts';
import type { OutputReader, ReaderContext } from '../output-reader.ts';
import { oddities } from '../oddities.ts';
import type { SourceLine } from '../source-line.ts';
import type { Title } from './build.ts';
import { listingExpectations } from './expectations.ts';
import { listingGrammar, type ListingLine } from './grammar.ts';
import { lineKind, looksHexadecimal, type LineKind } from './line-kind.ts';
import { isCutTitle, scanBanner, scanDestination, scanService, scanTitle } from './scan.ts';

const fromShapes = lineReader<ListingLine>(listingGrammar, listingExpectations);
const fromGrammar = lineReader<ListingLine>(listingGrammar, listingExpectations, false);

/** How far the titles told the columns. `open`: a title with one blank between columns, so perhaps the kernel's own file. */
type Titles = 'none' | 'first' | 'both' | 'unknown';

/** Reads listings of services: every form of `ipvsadm -l`, and `/proc/net/ip_vs`. */
export function listingReader({ report: tell, remember }: ReaderContext): OutputReader {
  const lines = remember ? fromShapes : fromGrammar;
  const odd = oddities(tell);
  let services: VirtualService[] = [];
  let current: Draft<VirtualService> | undefined;
  const destinations: Destination[] = [];
  let form: ListingForm = 'plain';
  let formSure = true;
  let titles: Titles = 'none';
  let banner: { readonly version: string; readonly size: number } | undefined;
  let seen = 0;
  let exact: boolean | undefined;
  let mixed = false;
  let second: Span | undefined;

  function close(): void {
    if (current === undefined) return;
    // An array of its exact size: one grown by push keeps room for 17.
    current.destinations = destinations.slice();
    services.push(current);
    destinations.length = 0;
    current = undefined;
  }

  function readBanner(line: SourceLine): void {
    scanBanner(line);
    const node = lines.read(line);
    if (isDiagnostic(node)) tell(node);
    else if (node.kind === 'Banner') banner = node;
  }

  function readTitle(line: SourceLine): void {
    scanTitle(line);
    const node = lines.read(line);
    if (isDiagnostic(node)) {
      if (isCutTitle(line)) {
        [form, formSure, titles] = ['plain', false, 'both'];
        tell(report('ipvsadm/title-missing', line.lineSpan(), 'the end of the second title line is missing'));
        return;
      }
      titles = 'unknown';
      tell(report('ipvsadm/unknown-columns', node.span, `title is not one that ipvsadm prints: ${node.message}`));
      return;
    }
    if (node.kind === 'Title') placeTitle(line, node);
  }

  function placeTitle(line: SourceLine, title: Title): void {
    if (!title.second) {
      form = title.form ?? form;
      titles = 'first';
      return;
    }
    const listed = form === 'plain';
    if (titles === 'none' && title.form === undefined) return unknownColumns(line, 'the first title line is missing');
    if (titles === 'first' && listed !== (title.form !== undefined))
      return unknownColumns(line, 'the two title lines belong to different forms');
    if (titles === 'none') tell(report('ipvsadm/title-missing', line.lineSpan(), 'the first title line is missing'));
    if (title.form !== undefined) form = title.narrow === true && title.form === 'plain' ? 'proc' : title.form;
    formSure = form !== 'proc';
    if (titles !== 'unknown' || title.form !== undefined) titles = 'both';
  }

  function unknownColumns(line: SourceLine, cause: string): void {
    titles = 'unknown';
    tell(report('ipvsadm/unknown-columns', line.lineSpan(), cause));
  }

  /** Settles what the titles left open, before the first service or destination. */
  function settleForm(line: SourceLine): void {
    if (seen > 0) return;
    if (!formSure || (titles !== 'both' && form === 'plain')) form = looksHexadecimal(line) ? 'proc' : 'plain';
    if (titles === 'none') tell(report('ipvsadm/title-missing', line.lineSpan(), 'the title lines are missing; read as the plain form'));
    if (titles === 'first') tell(report('ipvsadm/title-missing', line.lineSpan(), 'the second title line is missing'));
  }

  function readService(line: SourceLine): void {
    close();
    settleForm(line);
    seen += 1;
    if (titles === 'unknown') {
      tell(report('ipvsadm/unknown-columns', line.lineSpan(), 'columns of this service cannot be told: the title above is not known'));
      return;
    }
    scanService(line, form);
    const node = lines.read(line);
    if (isDiagnostic(node)) tell(node);
    else if (node.kind === 'VirtualService') open(line, node);
  }

  function open(line: SourceLine, service: VirtualService): void {
    current = service;
    noteFigures(service.span, largeFigures(service));
    odd.service(service);
    if (!line.closed) tell(lastLineOpen(line.span(line.count - 1)));
    if (seen === 2 && banner === undefined && titles !== 'none') {
      tell(
        report('ipvsadm/title-missing', service.span, 'more than one service without the banner: the first line of the listing is missing'),
      );
    }
  }

  function noteFigures(span: Span, figures: readonly Count[]): void {
    if (figures.length === 0) return;
    for (const figure of figures) {
      const isWhole = isExact(figure);
      exact ??= isWhole;
      if (mixed || isWhole === undefined || isWhole === exact) continue;
      mixed = true;
      tell(
        report('ipvsadm/mixed-figures', span, `figure ${printCount(figure)} is ${isWhole ? 'whole' : 'shortened'}, others above are not`),
      );
    }
  }

  function readDestination(line: SourceLine): void {
    if (current === undefined) {
      tell(report('ipvsadm/orphan-destination', line.lineSpan(), 'no service above this destination could be read'));
      return;
    }
    scanDestination(line, form);
    const node = lines.read(line);
    if (isDiagnostic(node)) return tell(node);
    if (node.kind !== 'Destination') return;
    destinations.push(node);
    noteFigures(node.span, largeFigures(node));
    odd.destination(node, current);
    // Padding behind the last column says that it is whole.
    if (!line.closed && line.ends[line.count - 1] === line.end) tell(lastLineOpen(line.span(line.count - 1)));
  }

  /** A line of an output that begins after this one. */
  function begins(kind: LineKind): boolean {
    if (kind === 'banner') return seen > 0 || banner !== undefined || titles !== 'none';
    if (kind === 'first-title') return seen > 0 || titles !== 'none';
    return kind === 'second-title' && seen > 0;
  }

  return {
    read(line) {
      const kind = lineKind(line);
      if (second !== undefined || begins(kind)) {
        second = { start: (second ?? line.lineSpan()).start, end: line.lineSpan().end };
        return;
      }
      switch (kind) {
        case 'destination':
          return readDestination(line);
        case 'service':
          return readService(line);
        case 'banner':
          return readBanner(line);
        default:
          return readTitle(line);
      }
    },
    end() {
      close();
      if (second !== undefined) tell(report('ipvsadm/second-output', second, 'another listing begins here; only the first is read'));
    },
    value(span): IpvsadmListing {
      const layout: ListingLayout = exact === undefined ? { form } : { form, exact };
      const found = banner === undefined ? {} : { version: banner.version, size: banner.size };
      return { kind: 'IpvsadmListing', layout, ...found, services, span };
    },
    take() {
      const finished = services;
      services = [];
      return finished;
    },
  };
}

/** Figures above this are shortened unless `--exact` was given. */
const LARGEST_WHOLE = 99_999_999;

const NO_FIGURES: readonly Count[] = [];

/** The figures of a node that are shortened when they are large: of a destination's rates the last two alone. */
function largeFigures({ kind, counters, rate }: VirtualService | Destination): readonly Count[] {
  if (kind === 'Destination' && rate !== undefined) return [rate.inBytes, rate.outBytes];
  const traffic = counters ?? rate;
  return traffic === undefined
    ? NO_FIGURES
    : [traffic.connections, traffic.inPackets, traffic.outPackets, traffic.inBytes, traffic.outBytes];
}

/** Whether a figure is whole though it is large; `undefined` of one that is printed alike either way. */
function isExact(count: Count): boolean | undefined {
  if (typeof count !== 'number') return !/[KMGT]$/.test(count.text);
  return count > LARGEST_WHOLE ? true : undefined;
}
