import type { LineContext } from '../format.ts';
import { kubeProxyLog } from '../formats/kube-proxy.ts';
import { peelAgain, type Start } from '../layers/peel.ts';
import { isOfKubeProxy } from './logging-program.ts';

/** What kube-proxy hands to iptables-restore: rules and chains of its own. A save begins with its title, or with chains of the kernel. */
const OWN = /^(?:-[AXNDI] KUBE-|:KUBE-|COMMIT\s*$)/;
const TABLE = /^\*[a-z]+\s*$/;

/** A start of rules in kube-proxy's own log as one of the log: iptables-restore refused them, and the node has not got them. */
export function withoutPayload(line: string, start: Start, context: LineContext): Start {
  return isRestorePayload(line, start, context) ? { ...start, format: kubeProxyLog } : start;
}

function isRestorePayload(line: string, { format, layers, at }: Start, context: LineContext): boolean {
  if (format.tool !== 'iptables' || !layers.some(isOfKubeProxy)) return false;
  const rest = line.slice(at);
  if (!TABLE.test(rest)) return OWN.test(rest);
  const next = context.next();
  return OWN.test(next.slice(peelAgain(next, layers) ?? 0));
}
