/** What klog writes before a message: `I0102 03:04:05.000000       1 proxier.go:12] `; nothing may follow it on a blank line. */
export const KLOG_PREFIX = /[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{3,6} {1,20}\d{1,20} [^\s\]]{1,200}:\d{1,9}\](?: |$)/y;

/** What a log line says, or `undefined` for a line that klog did not write. */
export function klogMessage(line: string): string | undefined {
  KLOG_PREFIX.lastIndex = 0;
  return KLOG_PREFIX.test(line) ? line.slice(KLOG_PREFIX.lastIndex) : undefined;
}
