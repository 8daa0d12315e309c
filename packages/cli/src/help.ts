/** What `netdrift --help` prints. Written by hand, examples first: a stranger reads the top and types it. */
export const HELP = `netdrift - what changed on a node, what it does to traffic, and why

  netdrift diff before/ after/             compare two snapshots
  netdrift diff nat=old.txt nat=new.txt    two listings, and which table they show
  ipvsadm -ln | netdrift diff saved.txt -  a saved listing against the node as it is
  netdrift parse ipvsadm.txt               the listing as JSON

A snapshot is a folder of outputs, one file, or - for standard input: ipvsadm -ln, iptables -t nat -nL,
iptables-save, ipset list, lsmod, modules.builtin, kubectl get svc. Each is recognised by what it holds.

Commands:
  diff <before> <after>   what changed between two snapshots
  parse [file...]         what netdrift reads in a text, as data
  rules                   the ids that diff reports, with their severities and meanings

Options:
  --help      this text; netdrift <command> --help tells more
  --version   the version

Exit status of diff: 0 nothing that touches traffic, 1 drift, 2 trouble (usage, or a side that cannot be read).
`;

/** What `netdrift diff --help` prints. */
export const DIFF_HELP = `netdrift diff <before> <after> - what changed, what it does to traffic, and why

  netdrift diff before/ after/
  netdrift diff before/ after/ --format json
  netdrift diff nat=old.txt nat=new.txt --fail-on critical

<before> and <after> each name a folder of outputs, one file, KIND=file (nat, filter, mangle, raw, ipvsadm, ipset,
lsmod, modules.builtin, kubectl.svc) or - for standard input.

Options:
  --format text|json        how to tell it (text)
  --fail-on none|notice|warning|critical
                            lowest severity that gives exit status 1 (notice); none: any change
  --severity ID=LEVEL       another level for an id (* stands for any text; off: not judged); may be repeated.
                            A word without = is a JSON file { "ID": "LEVEL" }
  --ignore FILE             a JSON list of { "id", "subject"?, "until"?: "YYYY-MM-DD", "reason" }: changes to count, not tell
  --known FILE              a report stored with --format json: what it holds is known, only new changes fail
  --color auto|always|never colours in text (auto: on a terminal; NO_COLOR and FORCE_COLOR are heeded)

Exit status: 0 nothing at or above --fail-on, 1 drift, 2 trouble: usage, or a side that cannot be read or compared.
`;

/** What `netdrift parse --help` prints. */
export const PARSE_HELP = `netdrift parse [file...] - what netdrift reads in a text, as data

  netdrift parse ipvsadm.txt
  iptables -t nat -nvL | netdrift parse --format jsonl
  netdrift parse iptables.txt --format save | iptables-restore --test

Without a file, or with -, standard input is read.

Options:
  --format json|jsonl|text|save
                            json: the whole tree (default); jsonl: one record a line, as they come;
                            text: the tool's text again; save: input for iptables-restore or ipvsadm -R

Exit status: 0 all of it read, 1 some text kept unknown or set aside, 2 nothing read, or trouble.
`;

/** What `netdrift rules --help` prints. */
export const RULES_HELP = `netdrift rules - the ids that diff reports, with their severities and meanings

  netdrift rules
  netdrift rules --format json

Options:
  --format text|json        how to tell it (text)
`;
