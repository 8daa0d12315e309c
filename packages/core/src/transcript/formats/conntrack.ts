import type { Format } from '../format.ts';

/**
 * `tcp      6 86392 ESTABLISHED src=10.244.1.5 dst=10.96.0.10 sport=40000 dport=53 src=…`; `-o extended` and /proc/net/nf_conntrack begin
 * with `ipv4     2 `.
 */
const ENTRY = /^(?:ipv[46] +\d+ +)?[a-z][a-z0-9-]* +\d{1,3} (?:\d+ )?(?:[A-Z_0-9]+ )?src=\S+ dst=\S+ /;

/** What it says on standard error, an empty list too. */
const COUNT = /^conntrack v\S+ \(conntrack-tools\): \d+ flow entries have been shown\.$/;

/** `conntrack -L`, and /proc/net/nf_conntrack */
export const conntrackEntries: Format = {
  tool: 'conntrack',
  form: 'entries',
  blank: 'end',
  starts: (line) => (ENTRY.test(line) || COUNT.test(line) ? 'title' : undefined),
  continues: (line) => ENTRY.test(line) || COUNT.test(line),
};
