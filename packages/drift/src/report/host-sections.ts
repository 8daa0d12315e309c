import { hostName } from '../read/read-snapshot.ts';

/** A report on one host that may hold those on others. */
interface OfHost<Report> {
  readonly host?: string;
  readonly time?: string;
  readonly otherHosts?: readonly Report[];
}

/** The text of a report: one section a host under a title, and no title where there is one host. */
export function hostSections<Report extends OfHost<Report>>(
  report: Report,
  title: (host: string) => string,
  text: (report: Report) => string,
): string {
  if (report.otherHosts === undefined) return text(report);
  const named = ({ host, time }: Report): string => (time === undefined ? hostName(host) : `${hostName(host)} (${time})`);
  return [report, ...report.otherHosts].map((one) => `${title(named(one))}\n${text(one)}`).join('\n');
}
