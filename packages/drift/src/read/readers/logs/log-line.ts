/** One message of a log written by klog, glog or logrus, taken apart. */
export interface LogLine {
  readonly level: 'I' | 'W' | 'E' | 'F';
  /** Go source file that wrote it, as `server_others.go`; logrus names none. */
  readonly file?: string;
  /** When it was written, as the log has it: `1122 20:54:43`, `Unix time 1624215969.129`, or a time of ISO 8601. */
  readonly time?: string;
  /** The message; of a structured line (klog 2.6, Kubernetes 1.22 and later) the quoted part alone. */
  readonly message: string;
  /** Values of a structured line by their keys; quotes are taken off, lists are kept as written. */
  readonly values: ReadonlyMap<string, string>;
}

// I1122 20:54:43.348119     121 flags.go:59] FLAG: --proxy-mode="ipvs"
// Anything may stand before it: the name of a pod, a quote sign, a time.
const HEAD = /(?:^|[\s>`|])([IWEF])(\d{4} \d\d:\d\d:\d\d)\.\d+\s+\d+ ([\w.-]+\.go):\d+\] ?/;

// time="2017-10-12T17:28:13Z" level=warning msg="Running modprobe ip_vs failed with message: …"
const LOGRUS_HEAD = /(?:^|[\s>`|])time="([^"]{10,40})" level=(trace|debug|info|warning|error|fatal|panic) msg=/;
const LOGRUS_LEVELS: ReadonlyMap<string, LogLine['level']> = new Map([
  ['warning', 'W'],
  ['error', 'E'],
  ['fatal', 'F'],
  ['panic', 'F'],
]);

/** Takes a message apart, which may have several lines, or gives `undefined` for one that none of them wrote. */
export function logLine(text: string): LogLine | undefined {
  const head = HEAD.exec(text);
  if (head === null) return logrusLine(text) ?? jsonLine(text);
  const rest = text.slice(head.index + head[0].length);
  const level = head[1] as LogLine['level'];
  const time = head[2] as string;
  const file = head[3] as string;
  const quoted = quotedAt(rest, 0);
  if (quoted === undefined) return { level, file, time, message: rest.trimEnd(), values: new Map() };
  return { level, file, time, message: quoted.value, values: valuesOf(rest, quoted.end) };
}

function logrusLine(text: string): LogLine | undefined {
  const head = LOGRUS_HEAD.exec(text);
  if (head === null) return undefined;
  const message = quotedAt(text, head.index + head[0].length);
  if (message === undefined) return undefined;
  return {
    level: LOGRUS_LEVELS.get(head[2] ?? '') ?? 'I',
    time: head[1] as string,
    message: message.value,
    values: valuesOf(text, message.end),
  };
}

/**
 * `{"ts":1624215969128.8557,"caller":"iptables/proxier.go:851","msg":"Sync failed","v":0}` of `--logging-format=json`; errors have no `v`.
 */
function jsonLine(text: string): LogLine | undefined {
  const start = text.indexOf('{"ts":');
  if (start < 0) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
  const fields = new Map(Object.entries(parsed as object));
  const message = fields.get('msg');
  const caller = fields.get('caller');
  if (typeof message !== 'string') return undefined;
  const file = typeof caller === 'string' ? /([\w.-]+\.go):\d+$/.exec(caller)?.[1] : undefined;
  const time = timeOf(fields.get('ts'));
  const values = [...fields].map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
  ]);
  return {
    level: fields.has('v') ? 'I' : 'E',
    ...(file === undefined ? {} : { file }),
    ...(time === undefined ? {} : { time }),
    message,
    values: new Map(values),
  };
}

/** Seconds or milliseconds since 1970: the KEP shows seconds, kube-proxy writes milliseconds. */
function timeOf(stamp: unknown): string | undefined {
  if (typeof stamp !== 'number' || !(stamp > 0) || stamp > 8e15) return undefined;
  return `Unix time ${(stamp < 1e11 ? stamp : stamp / 1000).toFixed(3)}`;
}

/** ` name="net/ipv4/vs/conntrack" before=0 IPs=["192.168.10.11"] err=<`, lines, ` >` */
function valuesOf(text: string, from: number): Map<string, string> {
  const values = new Map<string, string>();
  const key = /\s([A-Za-z][\w.-]*)=/y;
  for (let at = from; at < text.length;) {
    key.lastIndex = at;
    const found = key.exec(text);
    if (found === null) break;
    const start = key.lastIndex;
    const quoted = quotedAt(text, start) ?? blockAt(text, start);
    const end = quoted?.end ?? endOfPlain(text, start);
    values.set(found[1] as string, quoted?.value ?? text.slice(start, end));
    at = end;
  }
  return values;
}

/** A value of several lines, as klog 2.20 and later write it: `<`, each line behind a tab, and ` >`. */
function blockAt(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  if (!text.startsWith('<\n', start)) return undefined;
  const close = /\n[ \t]*>(?=\s|$)/g;
  close.lastIndex = start + 1;
  const found = close.exec(text);
  const end = found === null ? text.length : close.lastIndex;
  const lines = text.slice(start + 2, found?.index ?? text.length).split('\n');
  return { value: lines.map((line) => line.trim()).join('\n'), end };
}

function endOfPlain(text: string, start: number): number {
  if (text[start] === '[') {
    const close = text.indexOf(']', start);
    return close < 0 ? text.length : close + 1;
  }
  const blank = text.indexOf(' ', start);
  return blank < 0 ? text.length : blank;
}

/** A Go string literal in double quotes; its escapes are those of JSON as far as logs use them. */
function quotedAt(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  if (text[start] !== '"') return undefined;
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"') return { value, end: at + 1 };
    if (character === '\\') {
      at++;
      value += ESCAPES.get(text[at] ?? '') ?? text[at] ?? '';
    } else value += character;
  }
  return undefined;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);
