import { type Diagnostic, quoteInput, type Span } from '@netdrift/core';

/** A kind of remark that the small readers make, with the smallest input that raises it. */
export interface ReaderDiagnosticKind {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly meaning: string;
  /** A text that raises it, whole. */
  readonly sample: string;
}

/** Every remark of the small readers. */
export const READER_DIAGNOSTICS: readonly ReaderDiagnosticKind[] = [
  {
    code: 'snapshot/unread-line',
    severity: 'warning',
    meaning: 'a line of a text that is otherwise known was not understood and is left out',
    sample: 'net.ipv4.ip_forward = 1\nnet.ipv4.vs.conntrack 1\n',
  },
  {
    code: 'snapshot/unread-row',
    severity: 'error',
    meaning: 'a row of a table of kubectl does not fit its columns and is left out: what the table does not show is not known',
    sample: 'NAME    READY   STATUS    RESTARTS   AGE\nweb-1   1/1     Running   0          4d\nweb-2 1/1 Running\n',
  },
  {
    code: 'snapshot/unread-output',
    severity: 'warning',
    meaning: 'an output that looks like one of a known tool holds nothing that is read, as a table of other objects',
    sample: 'NAME READY STATUS\n',
  },
  {
    code: 'snapshot/silent-log',
    severity: 'info',
    meaning: 'no line of a log of kube-proxy says anything that is read',
    sample: 'I0102 03:04:05.000000       1 proxier.go:12] syncProxyRules took 1ms\n',
  },
  {
    code: 'snapshot/cut-list',
    severity: 'info',
    meaning: 'kubectl shows only the first values of a list; what is not shown is not known to be missing',
    sample:
      'NAMESPACE   NAME   ADDRESSTYPE   PORTS   ENDPOINTS                             AGE\ndefault     web    IPv4          80      10.0.0.1,10.0.0.2,10.0.0.3 + 1 more...   1d\n',
  },
  {
    code: 'snapshot/unknown-object',
    severity: 'info',
    meaning: 'an object of a kind that tells nothing of services was passed over',
    sample: '{"apiVersion":"v1","kind":"List","items":[{"kind":"Pod","metadata":{"name":"web"}}]}',
  },
  {
    code: 'snapshot/bad-object',
    severity: 'warning',
    meaning: 'an object has no name, or a field of a kind that its API does not allow',
    sample: '{"apiVersion":"v1","kind":"List","items":[{"kind":"Service","spec":{}}]}',
  },
  {
    code: 'snapshot/bad-json',
    severity: 'error',
    meaning: 'a text that begins as JSON of Kubernetes is not JSON; nothing of it was read',
    sample: '{"apiVersion":"v1","kind":"List","items":[{"kind":"Service",',
  },
  {
    code: 'snapshot/bad-yaml',
    severity: 'error',
    meaning: 'a text of Kubernetes objects is not whole YAML; what could not be read of it is missing',
    sample: 'kind: KubeProxyConfiguration\nmode: [ipvs\n',
  },
];

const BY_CODE = new Map(READER_DIAGNOSTICS.map((kind) => [kind.code, kind]));

function diagnostic(code: string, message: string, span: Span, help?: string): Diagnostic {
  const severity = BY_CODE.get(code)?.severity ?? 'warning';
  return { code, severity, message, span, ...(help === undefined ? {} : { help }) };
}

/** A line that could not be read, and what was expected of it. */
export function unreadLine(text: string, span: Span, expected: string): Diagnostic {
  return diagnostic('snapshot/unread-line', `expected ${expected}, found ${quoteInput(text.trim())}`, span);
}

/** A row whose cells cannot be told apart. */
export function unreadRow(text: string, span: Span): Diagnostic {
  return diagnostic('snapshot/unread-row', `row ${quoteInput(text.trim())} does not fit the columns above`, span);
}

/** An output that no reader knows. */
export function unreadOutput(tool: string, span: Span): Diagnostic {
  return diagnostic('snapshot/unread-output', `this ${tool} holds nothing that is read`, span);
}

/** A log that tells nothing of mode, modules, version or addresses. */
export function silentLog(lines: number, span: Span): Diagnostic {
  const message =
    lines === 1 ? 'the line of this log says nothing that is read' : `none of the ${lines} lines of this log says anything that is read`;
  return diagnostic('snapshot/silent-log', message, span);
}

/** A list of which only a part is shown. */
export function cutList(what: string, span: Span): Diagnostic {
  return diagnostic('snapshot/cut-list', `only a part of ${what} is shown`, span, 'take it with -o json, which cuts nothing');
}

/** An object that was passed over. */
export function unknownObject(kind: string, span: Span): Diagnostic {
  return diagnostic('snapshot/unknown-object', `${quoteInput(kind)} objects are not read`, span);
}

/** An object that is not as its API says. */
export function badObject(what: string, span: Span): Diagnostic {
  return diagnostic('snapshot/bad-object', what, span);
}

/** JSON that does not parse. */
export function badJson(reason: string, span: Span): Diagnostic {
  return diagnostic('snapshot/bad-json', `the text is not whole JSON: ${reason}`, span);
}

/** YAML that does not parse. */
export function badYaml(reason: string, span: Span): Diagnostic {
  return diagnostic('snapshot/bad-yaml', `the text is not whole YAML: ${reason}`, span);
}
