import { runsKnownTool } from './command-facts.ts';

/** `ssh -i key -p 22 core@node-1 sudo ipvsadm -ln`, `vagrant ssh node-1 -c "ipvsadm -ln"`; a `--` or a variable names no machine. */
const SSH = /(?:^|[\s;|&("'])ssh +(?:-[BbcDEeFIiJLlmOopQRSWw] *\S+ +|-(?!- )[\w-]+ +)*(?:[\w.-]+@)?(\[?[A-Za-z0-9][\w.:-]*\]?|\S+)/;
/** `oc debug node/node-1 -- chroot /host ipvsadm -ln` */
const DEBUG = /(?:^|\s)debug +(?:-\S+ +)*node\/([\w.-]+)/;
const KUBECTL = /(?:^|[\s;|&])(?:kubectl|k|oc|microk8s)\s/;
const MANY_MACHINES = /(?:^|[\s;|&])(?:ansible|pssh|parallel-ssh|pdsh|clush|salt)\s/;

/**
 * The machine on which a command runs the tool whose output follows: of `ssh node-1 ipvsadm -ln` that is node-1, whatever machine
 * the prompt names; it is unknown behind `kubectl exec`.
 */
export function machineOf(command: string, prompted: string | undefined): string | undefined {
  if (!runsKnownTool(command)) return prompted;
  const named = DEBUG.exec(command)?.[1];
  if (named !== undefined) return named;
  const remote = SSH.exec(command);
  if (remote !== null) return /^\[?[A-Za-z0-9]/.test(remote[1] ?? '') ? remote[1] : undefined;
  const isElsewhere = MANY_MACHINES.test(command) || (KUBECTL.test(command) && /\sexec\s/.test(command));
  return isElsewhere ? undefined : prompted;
}
