import { firstNames } from '../common/first-names.ts';

/** What a log is called that is none of kube-proxy's. */
export function logName(program: string | undefined): string {
  return `log of ${program ?? 'another program than kube-proxy'}`;
}

/** `Sep 29 23:26:04 host Keepalived_vrrp[1023]: `, `2024-09-29T23:26:04+00:00 host kernel: ` */
const SYSLOG =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}) [\w.-]{1,100} ([A-Za-z][\w.@/-]{0,60})(?:\[\d{1,10}\])?: /;
/** Lines that tell whose log it is, and programs that are named. */
const LOOKED_AT = 1000;
const NAMED = 4;

/**
 * What a text is called in which each line has the prefix of syslog or journald: `log of dockerd and systemd`; `undefined` for any other.
 */
export function syslogName(text: string): string | undefined {
  const lines = text.split('\n', LOOKED_AT).filter((line) => line.trim() !== '');
  const programs = new Set(lines.map((line) => SYSLOG.exec(line)?.[1]));
  if (lines.length === 0 || programs.has(undefined)) return undefined;
  return logName(firstNames([...programs].map(String), NAMED));
}
