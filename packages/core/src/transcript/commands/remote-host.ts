import { runsTool } from './command-facts.ts';

/** `ssh -i key -p 22 core@node-1 sudo ipvsadm -ln`, `vagrant ssh node-1 -c "ipvsadm -ln"`; a `--` or a variable names no machine. */
const SSH = /(?:^|[\s;|&("'])ssh +(?:-[BbcDEeFIiJLlmOopQRSWw] *\S+ +|-(?!- )[\w-]+ +)*(?:[\w.-]+@)?(\[?[A-Za-z0-9][\w.:-]*\]?|\S+)/;
/** `oc debug node/node-1 -- chroot /host ipvsadm -ln` */
const DEBUG = /(?:^|\s)debug +(?:-\S+ +)*node\/([\w.-]+)/;
const KUBECTL = /(?:^|[\s;|&])(?:kubectl|k|oc|microk8s)\s/;
const MANY_MACHINES = /(?:^|[\s;|&])(?:ansible|pssh|parallel-ssh|pdsh|clush|salt)\s/;

/**
 * The machine on which a command runs the tool whose output follows: of `ssh node-1 ipvsadm -ln` that is node-1, whatever machine
 * the prompt names; behind `kubectl exec` the pod stands for its node.
 */
export function machineOf(command: string, prompted: string | undefined): string | undefined {
  if (!runsTool(command)) return prompted;
  const named = DEBUG.exec(command)?.[1];
  if (named !== undefined) return named;
  const remote = SSH.exec(command);
  if (remote !== null) return /^\[?[A-Za-z0-9]/.test(remote[1] ?? '') ? remote[1] : undefined;
  if (KUBECTL.test(command) && /\sexec\s/.test(command)) return podOf(command.split(/\s+/));
  return MANY_MACHINES.test(command) ? undefined : prompted;
}

/** Commands that run another one once for each of several words. */
const TURNS = /(?:^|[\s;&|])(?:for|while|xargs|parallel)\s/;

/**
 * Whether a command runs its tool on several machines, one after the other, and names none of them above its output:
 * `for h in lb-a lb-b; do ssh $h ipvsadm -ln; done`, `kubectl get po -o name | xargs -I{} kubectl exec {} -- ipvsadm -ln`,
 * `pdsh -w lb-[1-2] …`.
 */
export function goesOverMachines(command: string): boolean {
  if (!runsTool(command)) return false;
  if (MANY_MACHINES.test(command)) return true;
  if (!TURNS.test(command) || DEBUG.test(command)) return false;
  const remote = SSH.exec(command);
  if (remote !== null) return !/^\[?[A-Za-z0-9]/.test(remote[1] ?? '');
  if (!KUBECTL.test(command)) return false;
  if (/\sdebug\s/.test(command)) return true;
  return /\sexec\s/.test(command) && podOf(command.split(/\s+/)) === undefined;
}

/** Options of kubectl that take the next word. */
const TAKES_WORD = /^(?:-[nc]|--(?:namespace|container|context|kubeconfig|cluster|user|server|request-timeout))$/;

/**
 * `kubectl -n kube-system exec -it kube-proxy-7k2xp -c kube-proxy -- iptables-save`: the pod stands for its node; `ds/kube-proxy` is any of
 * many.
 */
function podOf(words: readonly string[]): string | undefined {
  let at = words.indexOf('exec') + 1;
  for (let word = words[at]; word !== undefined && word.startsWith('-'); word = words[at]) {
    if (word === '--') return undefined;
    at += TAKES_WORD.test(word) ? 2 : 1;
  }
  return /^(?:pods?\/)?([a-z0-9][a-z0-9.-]*)$/.exec(words[at] ?? '')?.[1];
}
