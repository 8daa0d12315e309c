import { hostName } from '../read/read-snapshot.ts';

/** A report on one host that may hold those on others. */
export interface OfHost<Report> {
  readonly host?: string;
  readonly time?: string;
  readonly otherHosts?: readonly Report[];
}

/** The reports on all hosts, one by one. */
export function hostsOf<Report extends OfHost<Report>>(report: Report): readonly Report[] {
  return [report, ...(report.otherHosts ?? [])];
}

/** What the section of a host is called: `lb2 (2026-11-30T13:20:50)`. */
export function hostTitle({ host, time }: Pick<OfHost<unknown>, 'host' | 'time'>): string {
  return time === undefined ? hostName(host) : `${hostName(host)} (${time})`;
}

/** The text of a report: one section a host under a title, and no title where there is one host. */
export function hostSections<Report extends OfHost<Report>>(
  report: Report,
  title: (host: string) => string,
  text: (report: Report) => string,
): string {
  if (report.otherHosts === undefined) return text(report);
  return hostsOf(report)
    .map((one) => `${title(hostTitle(one))}\n${text(one)}`)
    .join('\n');
}
