/** One line of a log written by klog, glog or logrus, taken apart. */
export interface LogLine {
  readonly level: 'I' | 'W' | 'E' | 'F';
  /** Go source file that wrote it, as `server_others.go`; logrus names none. */
  readonly file?: string;
  /** The message; of a structured line (klog 2.6, Kubernetes 1.22 and later) the quoted part alone. */
  readonly message: string;
  /** Values of a structured line by their keys; quotes are taken off, lists are kept as written. */
  readonly values: ReadonlyMap<string, string>;
}

// I1122 20:54:43.348119     121 flags.go:59] FLAG: --proxy-mode="ipvs"
// Anything may stand before it: the name of a pod, a quote sign, a time.
const HEAD = /(?:^|[\s>`|])([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ ([\w.-]+\.go):\d+\] ?/;

// time="2017-10-12T17:28:13Z" level=warning msg="Running modprobe ip_vs failed with message: …"
const LOGRUS_HEAD = /(?:^|[\s>`|])time="[^"]{10,40}" level=(trace|debug|info|warning|error|fatal|panic) msg=/;
const LOGRUS_LEVELS: ReadonlyMap<string, LogLine['level']> = new Map([
  ['warning', 'W'],
  ['error', 'E'],
  ['fatal', 'F'],
  ['panic', 'F'],
]);

/** Takes a line apart, or gives `undefined` for a line that none of them wrote. */
export function logLine(text: string): LogLine | undefined {
  const head = HEAD.exec(text);
  if (head === null) return logrusLine(text);
  const rest = text.slice(head.index + head[0].length);
  const level = head[1] as LogLine['level'];
  const file = head[2] as string;
  const quoted = quotedAt(rest, 0);
  if (quoted === undefined) return { level, file, message: rest.trimEnd(), values: new Map() };
  return { level, file, message: quoted.value, values: valuesOf(rest, quoted.end) };
}

function logrusLine(text: string): LogLine | undefined {
  const head = LOGRUS_HEAD.exec(text);
  if (head === null) return undefined;
  const message = quotedAt(text, head.index + head[0].length);
  if (message === undefined) return undefined;
  return { level: LOGRUS_LEVELS.get(head[1] ?? '') ?? 'I', message: message.value, values: valuesOf(text, message.end) };
}

/** ` name="net/ipv4/vs/conntrack" before=0 IPs=["192.168.10.11"]` */
function valuesOf(text: string, from: number): Map<string, string> {
  const values = new Map<string, string>();
  const key = / ([A-Za-z][\w.-]*)=/y;
  for (let at = from; at < text.length; ) {
    key.lastIndex = at;
    const found = key.exec(text);
    if (found === null) break;
    const start = key.lastIndex;
    const quoted = quotedAt(text, start);
    const end = quoted?.end ?? endOfPlain(text, start);
    values.set(found[1] as string, quoted?.value ?? text.slice(start, end));
    at = end;
  }
  return values;
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
