import type { Diagnostic, Severity } from '@netdrift/core';
import type { ParsedSection } from '@netdrift/drift';
import { printIptablesSave } from '@netdrift/iptables';
import { printIpvsadmSave } from '@netdrift/ipvsadm';

/** Who is told what has no save form, or loses something in it. */
type Report = (message: string, severity?: Severity) => void;

/**
 * What restores the output, of the table that its command names where it names none itself; undefined, with a report, for what has no save
 * form.
 */
export function asSave(parsed: ParsedSection, table: string | undefined, report: Report): string | undefined {
  const options = { report: ({ message, severity }: Diagnostic) => report(message, severity) };
  if (parsed.tool === 'iptables') return printIptablesSave(parsed.value, { ...options, ...(table === undefined ? {} : { table }) });
  if (parsed.tool === 'ipvsadm') return printIpvsadmSave(parsed.value, options);
  report(`output of ${parsed.tool} has no save form`);
  return undefined;
}
