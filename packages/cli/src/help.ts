/** What `netdrift --help` prints. Written by hand, examples first: a stranger reads the top and types it. */
export const HELP = `netdrift - what changed on a node, what it does to traffic, and why

  netdrift diff before/ after/             compare two snapshots
  netdrift diff nat=old.txt nat=new.txt    two listings, and which table they show
  ipvsadm -ln | netdrift diff saved.txt -  a saved listing against the node as it is
  netdrift check node/                     what is wrong on one node, whatever changed
  netdrift explain node/                   what its service proxy does
  netdrift parse ipvsadm.txt               the listing as JSON

A snapshot is a folder of outputs, one file, or - for standard input: ipvsadm -ln, iptables -t nat -nL,
iptables-save, ipset list, lsmod, modules.builtin, kubectl get svc. Each is recognised by what it holds.

Commands:
  diff <before> <after>   what changed between two snapshots
  check <snapshot>        what is wrong in one snapshot; why kube-proxy does not run in ipvs mode
  explain <snapshot>      the configuration of the node's service proxy, and where each service leads
  parse [file...]         what netdrift reads in a text, as data
  rules                   the ids that diff reports, with their severities and meanings

Options:
  --help      this text; netdrift <command> --help tells more
  --version   the version

Exit status of diff and check: 0 nothing that touches traffic, 1 drift or findings, 2 trouble (usage, or a side that
cannot be read).
`;

/** What `netdrift diff --help` prints. */
export const DIFF_HELP = `netdrift diff <before> <after> - what changed, what it does to traffic, and why

  netdrift diff before/ after/
  netdrift diff before/ after/ --format json
  netdrift diff nat=old.txt nat=new.txt --fail-on critical
  netdrift diff --nodes node-1/ node-2/ node-3/
  netdrift diff --split ticket.txt         before and after in one paste

<before> and <after> each name a folder of outputs, one file, KIND=file (nat, filter, mangle, raw, security,
iptables, ip6tables, ipvsadm, ipset, modules, lsmod) or - for standard input.

Options:
  --format text|json|jsonl|lines|markdown
                            how to tell it (text); lines: one line a change, for a log; markdown: for a change review
  --fail-on none|notice|warning|critical
                            lowest severity that gives exit status 1 (notice); none: no change fails
  --nodes SNAPSHOT...       compare nodes of one cluster by what they do for services; of three or more, who differs from
                            the majority. What is a node's own is left out
  --split FILE              take both sides from one transcript: the first and the last of each output, or two hosts
  --severity ID=LEVEL       another level for an id (* stands for any text; off: not judged); may be repeated.
                            A word without = is a JSON file { "ID": "LEVEL" }
  --ignore FILE             a JSON list of { "id", "subject"?, "until"?: "YYYY-MM-DD", "reason" }: changes to count, not tell;
                            may be repeated
  --known FILE              a report stored with --format json: what it holds is known, only new changes fail;
                            may be repeated
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

/** What `netdrift check --help` prints. */
export const CHECK_HELP = `netdrift check <snapshot> - what is wrong in one snapshot, whatever changed

  netdrift check node/
  netdrift check node/ --expect cluster/     compare with Services and Endpoints captured elsewhere

If the node was asked for ipvs mode and does not run it, the first line says what is missing.

Options:
  --expect SNAPSHOT         kubectl get svc, endpoints or endpointslices, as tables or JSON (those in the snapshot itself)
  --format text|json|markdown
                            how to tell it (text)
  --fail-on none|notice|warning|critical
                            lowest severity that gives exit status 1 (notice); none: no finding fails

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 trouble: usage, or a part that cannot be read.
`;

/** What `netdrift explain --help` prints. */
export const EXPLAIN_HELP = `netdrift explain <snapshot> - the configuration of the node's service proxy, and where each service leads

  netdrift explain node/
  netdrift explain node/ --format markdown

Options:
  --format text|json|markdown
                            how to tell it (text)

Exit status: 0, or 2 for trouble: usage, or a part that cannot be read.
`;
