import type { LineContext } from '../format.ts';
import { formats, type KnownFormat } from '../formats.ts';
import { klogMessage } from './klog.ts';

/** What a program puts into its log line by line. Errors, versions and objects are spoken of in sentences of a log. */
const LOGGED: readonly KnownFormat[] = formats.filter(
  ({ tool, form }) => ['ipvsadm', 'iptables', 'ipset', 'modules'].includes(tool) && form !== 'error' && form !== 'version',
);

/** Whether a row alone is no sentence that kube-proxy could write: `add x 1` of ipset could be one. */
function hasPlainRows({ tool, form }: KnownFormat): boolean {
  return tool === 'ipvsadm' || form === 'builtin' || (tool === 'iptables' && form === 'save');
}

/**
 * Whether a line is one of a listing that a program wrote to its log, the prefix of klog before each line, and not a message of its own.
 */
export function isLoggedOutput(line: string, context: LineContext): boolean {
  const message = klogMessage(line);
  if (message === undefined) return false;
  return LOGGED.some((format) => {
    const strength = format.starts(message, context);
    return strength === 'title' || (strength === 'row' && hasPlainRows(format));
  });
}
