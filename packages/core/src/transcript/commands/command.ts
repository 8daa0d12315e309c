import { timeIn } from '../titles/time.ts';

/** A command line of a transcript. */
export interface CommandLine {
  /** The command without its prompt. */
  readonly command: string;
  /** Machine named by the prompt. */
  readonly host?: string;
  /** The time that the title shows, as `watch` does. */
  readonly time?: string;
}

/** Words that begin a command in these transcripts; after a bare `#` or `>` nothing else is taken for a command. */
const COMMANDS =
  /^(?:sudo|ipvsadm|ip6?tables|xtables|ipset|dpip|lsmod|modprobe|modinfo|uname|kubectl|kubeadm|kk?|cat|tail|head|grep|egrep|zgrep|cut|ip|ss|netstat|sysctl|curl|wget|docker|crictl|nerdctl|journalctl|systemctl|service|ssh|nsenter|watch|ansible|for|do|done|while|if|echo|ls|cd|vi|vim|nano|yum|apt|apt-get|dnf|apk|date|hostname|exit|export|microk8s|oc|ping|dig|nslookup|telnet|nc|ps|ll|mkdir|rm|cp|mv|keepalived|conntrack|nft|ifconfig|route|arp|strace|tcpdump|minikube|kind|talosctl|set|source|which|dmesg|sh|bash|su|time|tee|awk|sed|sleep|clear|python3?|go|make|git|helm|aws|gcloud|az)$/;
/** Bare tools: without a prompt a line is a command only if it goes on as one. */
const BARE =
  /^(?:sudo +(?:-\w+ +)*)?(?:\.{0,2}(?:\/[\w.-]+)*\/)?(?:ipvsadm(?:-save)?|ip6?tables(?:-legacy|-nft)?(?:-save)?|ipset|nft|lsmod|cat +\/proc|uname +-[a-z]|kubectl +(?:get|describe|logs|exec)|grep +-\w+)(?![\w:-])(?=\s*(?:$|[|>]|--? ?\w|list\b|save\b|\/|svc|pod|\S+ \S*modules))/;

/**
 * `[root@host ~]# `, `user@host:~$ `, `root@host dir % `, `[root@host:~]$ `; before it a time, or what is set up: `(venv) `,
 * `(⎈|prod:default) `
 */
const USER_AT_HOST =
  /^(?:\[?\d\d:\d\d(?::\d\d)?\]? )?(?:\([^()\s]{1,60}\) ?)?\[?[\w.-]{1,64}@([\w.-]{1,128})(?:[: ][^\]#$%>]{0,200})?\]? ?[#$%>] {0,3}(?=\S|$)/u;
/** `node1# `, `node1:~# `, `node1 ~ # `, `[node1]$ `, `[node1 ~]$ `, `[node1 bin]$ `: a machine without a user. */
const HOST_ALONE = /^\[?([A-Za-z][\w.-]{1,63})\]?(?:[: ][~/][\w~/.-]{0,100}| [\w.-]{1,64}(?=\]))?\]? ?[#$%>] ?(?=\S)/;
/** Words before a sign that are users and shells. */
const NO_MACHINE = /^(?:root|admin|user|sudo|ubuntu|PS|\w*sh(?:-[\d.]+)?|shell|console|term(?:inal)?|prompt|cmd)$/;
/** A sign of somebody's own before a whole prompt: `# root@lb1:/root# ipvsadm -ln` of a heading, a comment or a quote. */
const BEFORE_PROMPT = /^(?:\\?[#$>%+*-] ?){1,3}(?=\[?[\w.-]{1,64}@[\w.-]{1,128}(?:[: ][^\]#$%>]{0,200})?\]?[#$%>] )/u;
/**
 * `└─$ ` under `┌──(student㉿kali)-[~]`; `❯ `, `➜  ~ `, `bash-4.2# `, `node1# `, `/ # ` of busybox, `node1:~ # `, `PS C:\> `, `C:\>`, `s# `
 */
const OTHER_PROMPT =
  /^(?:[└╰]─+[#$❯] |❯ |➜ +\S* ?|(?:ba|z|da)?sh-[\d.]+[#$] |(?:PS (?:[A-Z]:\\|[~/])|[A-Z]:\\)[^>]{0,100}> ?|(?:[\w.-]{1,64}(?: |:))?[~/][\w~/.-]{0,100} [#$%] |[\w.~/-]{1,64}(?::[\w~/.-]{0,100})?[#$%] ?)(?=\S|$)/u;
/**
 * Whatever else a shell shows before a command: `➜  src git:(main) ✗ `, `λ `, `node1 | root > `. Behind an open comment of a rule stands
 * none.
 */
const ANY_PROMPT = /^(?:(?!\/\*)[^\n"]){0,80}?[#$%>❯λ»✗✘] +(?=\S)/u;
/** `# `, `$ `, `> `, `% `, `+ ` (set -x), `\# ` */
const BARE_PROMPT = /^\\?[#$>%+]+ ?/;

/**
 * The command that a line shows, or `undefined` where it shows none. A prompt that names a user and a machine makes any words
 * a command; a bare sign only known ones, for it may be a quote, a comment or a heading.
 */
export function commandOf(line: string): CommandLine | undefined {
  const named = USER_AT_HOST.exec(line.replace(BEFORE_PROMPT, ''));
  if (named !== null) return { command: named.input.slice(named[0].length).trim(), host: named[1] ?? '' };
  const alone = HOST_ALONE.exec(line);
  if (alone !== null && !NO_MACHINE.test(alone[1] as string) && startsCommand(line.slice(alone[0].length))) {
    return { command: line.slice(alone[0].length).trim(), host: alone[1] as string };
  }
  const other = OTHER_PROMPT.exec(line);
  if (other !== null && (startsCommand(line.slice(other[0].length)) || line.startsWith('└'))) {
    return { command: line.slice(other[0].length).trim() };
  }
  const bare = BARE_PROMPT.exec(line);
  if (bare !== null && startsCommand(line.slice(bare[0].length))) return { command: line.slice(bare[0].length).trim() };
  const any = ANY_PROMPT.exec(line);
  if (any !== null && BARE.test(line.slice(any[0].length))) return { command: line.slice(any[0].length).trim() };
  return BARE.test(line) || /^(?:ansible|modprobe) +\S/.test(line) ? { command: line.trim() } : undefined;
}

/** Whether a text begins with a word that is known to be a command, by whatever path, and goes on as a command. */
export function startsCommand(text: string): boolean {
  const word = /^\s*(?:\w+=\S* +)*(?:\S*\/)?([\w.-]+)(?=$|[\s;|&])/.exec(text)?.[1];
  if (word === undefined) return false;
  return COMMANDS.test(word) || /^(?:ip6?tables|ipvsadm|ipset)(?:-\w+)*$/.test(word);
}

/** `Every 2.0s: ipvsadm -ln        node1: Thu Nov 17 10:03:18 2016` */
const WATCH = /^Every [\d.,]+s: (.*?)(?: {2,}(?:([\w.-]+): )?(\S.*))?$/;

/** The command that a title of `watch` names. */
export function watchedCommand(line: string): CommandLine | undefined {
  const watched = WATCH.exec(line);
  if (watched === null) return undefined;
  const [, command = '', host, shown = ''] = watched;
  const time = timeIn(shown);
  return { command, ...(host === undefined ? {} : { host }), ...(time === undefined ? {} : { time }) };
}
