import { skipBlanks } from '@netdrift/core';
import type { Destination, IpvsadmSave, VirtualService } from '../ast.ts';
import { lastLineOpen, report } from '../diagnostics.ts';
import { isDiagnostic, lineReader } from '../line-reader.ts';
import { oddities } from '../oddities.ts';
import type { OutputReader, ReaderContext } from '../output-reader.ts';
import type { SourceLine } from '../source-line.ts';
import { printIdentity } from './print.ts';
import type { AddServer, AddService, Rule } from './build.ts';
import { saveExpectations, saveGrammar } from './grammar.ts';
import { scanRule } from './scan.ts';
import { otherCommand } from './tokens.ts';

const fromShapes = lineReader<Rule>(saveGrammar, saveExpectations);
const fromGrammar = lineReader<Rule>(saveGrammar, saveExpectations, false);

const NUMBER_SIGN = 0x23;

/**
 * A destination may stand anywhere behind its service in a rule file. This many services wait for more of theirs while
 * a stream is read.
 */
const WAITING = 1_000;

/** A service whose destinations are still being added. */
interface OpenService {
  readonly service: VirtualService;
  readonly destinations: Destination[];
}

/** Reads `ipvsadm -S` and rule files for `ipvsadm -R`. */
export function saveReader({ report: tell, remember }: ReaderContext): OutputReader {
  const lines = remember ? fromShapes : fromGrammar;
  const odd = oddities(tell);
  const open = new Map<string, OpenService>();
  let finished: VirtualService[] = [];
  let ended = false;
  let bareWords = false;
  /** Services that a stream has given away can take no destination. */
  let givenAway = false;

  function add({ service, bareWords: bare }: AddService): void {
    const destinations: Destination[] = [];
    const node: VirtualService = { ...service, destinations };
    const key = printIdentity(node);
    finished.push(node);
    if (!open.has(key)) open.set(key, { service: node, destinations });
    odd.service(node);
    if (bare && !bareWords)
      tell(report('ipvsadm/bare-words', node.span, 'pe and ops are written without dashes, as ipvsadm 1.26 saves them'));
    bareWords ||= bare;
  }

  function addTo(line: SourceLine, { service, destination }: AddServer): void {
    const found = open.get(printIdentity(service));
    if (found === undefined) {
      const where = givenAway ? `none of the latest ${WAITING} services is` : 'no earlier line adds the service';
      tell(report('ipvsadm/service-not-added', line.lineSpan(), `${where} ${printIdentity(service)}`));
      return;
    }
    found.destinations.push(destination);
    odd.destination(destination, found.service);
  }

  return {
    read(line) {
      if (line.bytes[skipBlanks(line.bytes, line.start, line.end)] === NUMBER_SIGN) {
        tell(report('ipvsadm/comment', line.lineSpan(), 'line begins with # and is left out'));
        return;
      }
      scanRule(line);
      if (line.type(0) === otherCommand) {
        tell(report('ipvsadm/other-command', line.lineSpan(), `command ${line.text(0)} is not carried out`));
        return;
      }
      const rule = lines.read(line);
      if (isDiagnostic(rule)) return tell(rule);
      if (rule.kind === 'AddService') add(rule);
      else addTo(line, rule);
      if (!line.closed) tell(lastLineOpen(line.span(line.count - 1)));
    },
    end() {
      ended = true;
    },
    value(span): IpvsadmSave {
      return { kind: 'IpvsadmSave', layout: bareWords ? { form: 'save', bareWords } : { form: 'save' }, services: finished, span };
    },
    take() {
      const count = ended ? finished.length : Math.max(0, finished.length - WAITING);
      const given = finished.slice(0, count);
      finished = finished.slice(count);
      givenAway ||= count > 0;
      for (const service of given) open.delete(printIdentity(service));
      return given;
    },
  };
}
