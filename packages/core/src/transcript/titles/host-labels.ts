/** `== lb1`, `=== lb1 ===`, `[lb1]`, `### lb1:`, `lb1:`; `on lb1:`, `Node: lb1` */
const LABEL =
  /^(?<before>[=#*>~[_-]{0,20}) *(?<word>(?:on|from|node|host|hostname|server|machine|director|ssh)\b[: ]+)?(?<name>[A-Za-z0-9][\w.-]{0,100}?) *(?<after>[\]=#*<~_-]{0,20})(?<colon>:?)$/i;
/** `Output of ipvsadm on the *good* node:`, `2) Broken node` */
const PROSE =
  /(?:^|[\s(])[*_"'`]{0,3}(?<which>[A-Za-z][\w.-]{0,60})[*_"'`]{0,3} +(?<what>node|host|server|machine|director)[^A-Za-z]{0,10}$/i;
/** Words before `node` that tell no node from another. */
const ANY_NODE =
  /^(?:a|an|the|this|that|same|each|every|all|any|one|my|our|your|its|per|kubernetes|k8s|cluster|lvs|ipvs|of|on|from|single|both|no|real|virtual|physical|web|api|kube|get|describe|delete|drain|cordon|uncordon|label|taint|edit|debug|top)$/i;
/** Labels that tell when or what, and not where. */
const NO_HOST =
  /^(?:before|after|then|now|old|new|first|last|output|result|state|step|case|test|try|attempt|run|round|part|phase|day|time|moment|snapshot|version|v|ipv|ipvs|iptables|ip6tables|ipset|nat|filter|mangle|raw|table|example|figure|port|pod|t|eth|ens|ip|k8s|l|layer|http|s|no|edit|update)[-_.]?[\d.]*$/i;
/** `== pod/kube-proxy-4x8lm` of a loop over pods: with `kubectl exec` the pod stands for its machine. */
const POD = /^[=#*>~[_-]{0,20} *pods?\/([a-z0-9][a-z0-9.-]{0,200}[a-z0-9])(?:[ :][\]=#*<~_-]{0,20})?:?$/;
/** What people call the machines of a pair. */
const ROLE = /^(?:lvs[-_]?)?(?:master|backup|slave|primary|secondary|standby|active|passive)[-_]?\d*$/i;

/** Whether a word names a table of iptables: a loop goes over tables too. */
export function isTable(word: string): boolean {
  return /^(?:nat|filter|mangle|raw|security)$/.test(word);
}

/** `lb1 lb2` of `for h in lb1 lb2; do ssh $h ipvsadm -ln; done` */
export function loopedOver(line: string): readonly string[] {
  const words = /(?:^|[\s;#$>])for +\w+ +in +([\w.@: -]{1,500}?) *(?:;| do\b)/.exec(line)?.[1] ?? '';
  return words
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/^.*@/, ''));
}

/**
 * The machine that a line alone names as the title of what follows: between signs or before a colon a name with a digit or a dot, or the
 * role of a machine; behind `on` or `node` any name, and so one that a loop goes over; at the end of a sentence `the good node`. `Before:`
 * and `Step 2:` name none.
 */
export function hostLabel(line: string, looped: readonly string[]): string | undefined {
  const pod = POD.exec(line.trim())?.[1];
  if (pod !== undefined) return pod;
  const found = LABEL.exec(line.trim())?.groups;
  if (found === undefined) return proseLabel(line.trim());
  const { before = '', word = '', name = '', after = '', colon = '' } = found;
  if (looped.includes(name) && !isTable(name)) return name;
  const marked = before !== '' || after !== '' || colon !== '';
  if (!marked || NO_HOST.test(name) || /^[\d.]+$/.test(name) !== /^\d+(?:\.\d+){3}$/.test(name)) return undefined;
  if (word !== '' || ROLE.test(name)) return name;
  return /\d/.test(name) && /[a-z]{2}/i.test(name) ? name : /^\d+(?:\.\d+){3}$/.test(name) ? name : undefined;
}

function proseLabel(line: string): string | undefined {
  const found = line.length > 200 ? undefined : PROSE.exec(line)?.groups;
  const { which = '', what = '' } = found ?? {};
  return found === undefined || ANY_NODE.test(which) || NO_HOST.test(which) ? undefined : `${which} ${what}`;
}

/** The lines around the name of a machine in the output of `clush -b` and `dshbak`. */
export const RULED = /^-{3,}\s*$/;

/** The machine that a line between two lines of dashes names. */
export function ruledName(line: string): string | undefined {
  const name = line.trim();
  return /^[A-Za-z][\w.-]{0,100}$/.test(name) && !NO_HOST.test(name) ? name : undefined;
}
