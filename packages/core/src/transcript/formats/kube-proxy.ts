import type { Format } from '../format.ts';
import { klogMessage } from '../logs/klog.ts';

const KLOG = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{3,6} +\d+ \S+:\d+\] /;
/** `--logging-format=json` */
const JSON_LOG = /^\{"ts":\d/;
const LOGFMT = /^time="[^"]{10,40}" level=\w+ msg=/;
/** What kube-proxy says of its mode, quoted without the log's own prefix. */
const PHRASE =
  /^(?:Using (?:ipvs|iptables|userspace|nftables) Proxier\.?|Can't use (?:the )?(?:ipvs|IPVS|iptables) proxier, (?:trying|using) .*|can't determine whether to use ipvs proxy.*|Flag proxy-mode=.* unknown, assuming .*|Unknown proxy mode, assuming .*)\s*$/;
/** kubeadm's own check of the modules. */
const PREFLIGHT = /^\s*(?:\[preflight\] |\[WARNING RequiredIPVSKernelModulesAvailable\]|The IPVS proxier (?:may|will) not be used )/;
const ENDS_MESSAGE = /^(?:[IWEF]\d{4} \d\d:|time="|```|\S*@\S+[#$] |[#$] |Chain |IP Virtual Server )/;
/** A line of a table that was refused, written to the log as a message of its own. */
const LOGGED_RULE = /^(?:[*:]\S|-[AXNIDF] \S|(?:COMMIT|Rules:)\s*$)/;
/** The rest of a message of several lines. */
const REST =
  /^(?:Error occurred at line: \d|Try `ip6?tables-restore|\)\s*$|or no builtin kernel IPVS support was found|\s*(?:you can solve this problem with following methods|\d\. (?:Run 'modprobe|Provide the missing|For each missing module run|If 'modprobe)|However, these modules may be loaded|To verify IPVS support|Run "lsmod|If they are not listed, you can use))/;

/** kube-proxy's log, and kubeadm's warnings about its modules. */
export const kubeProxyLog = {
  tool: 'kube-proxy',
  form: 'log',
  blank: 'drop',
  loose: true,
  starts: (line) =>
    KLOG.test(line) || LOGFMT.test(line) || JSON_LOG.test(line) ? 'title' : PHRASE.test(line) || PREFLIGHT.test(line) ? 'row' : undefined,
  continues: (line) =>
    KLOG.test(line) || LOGFMT.test(line) || JSON_LOG.test(line) || PHRASE.test(line) || PREFLIGHT.test(line) || REST.test(line),
  // The rules that iptables-restore refused follow its message: they are what kube-proxy wanted, not what the node has.
  carries: (line, following) => {
    if (OPENS_VALUE.test(line)) return linesOfValue(following);
    if (!/Failed to execute ip6?tables-restore/.test(line)) return 0;
    let count = 0;
    for (let rest = following(0); rest !== undefined && !endsMessage(rest); rest = following(count)) count += 1;
    return count;
  },
} as const satisfies Format;

/** `err=<`: the lines of the value stand behind a tab each, and ` >` ends it (klog 2.20 and later). */
const OPENS_VALUE = /=<\s*$/;
/** Lines of a value at most, where nothing ends it. */
const MAX_VALUE_LINES = 1000;

function linesOfValue(following: (index: number) => string | undefined): number {
  for (let count = 0; count < MAX_VALUE_LINES; count += 1) {
    const line = following(count);
    if (line === undefined || KLOG.test(line)) return count;
    if (/^\s*>(?:\s|$)/.test(line)) return count + 1;
  }
  return 0;
}

function endsMessage(line: string): boolean {
  return ENDS_MESSAGE.test(line) && !LOGGED_RULE.test(klogMessage(line) ?? '');
}

/** The mode that kube-proxy says it runs in. */
export interface ProxyMode {
  readonly kind: 'ProxyMode';
  readonly mode: string;
}

const MODE = /^(?:ipvs|iptables|userspace|nftables|kernelspace|winuserspace)\s*$/;

/** Whether a text is the name of a mode, and nothing else. */
export function isProxyMode(text: string): boolean {
  return MODE.test(text);
}

/** The answer of http://localhost:10249/proxyMode, a word without a line feed: the next prompt follows it at once. */
export const proxyMode = {
  tool: 'kube-proxy',
  form: 'proxy-mode',
  blank: 'end',
  starts: (line, { command = '' }) => (command.includes('proxyMode') && isProxyMode(line) ? 'row' : undefined),
  continues: () => false,
  title: '/proxyMode',
  read: (text): ProxyMode | undefined => {
    const mode = text.trim();
    return isProxyMode(mode) ? { kind: 'ProxyMode', mode } : undefined;
  },
} as const satisfies Format;
