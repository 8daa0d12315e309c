/** What `netdrift --help` prints. Written by hand, examples first: a stranger reads the top and types it. */
export const HELP = `netdrift - what changed on a node, what it does to traffic, and why

  netdrift diff before/ after/             compare two snapshots
  netdrift diff nat=old.txt nat=new.txt    two listings, and which table they show
  ipvsadm -ln | netdrift diff saved.txt -  a saved listing against the node as it is
  netdrift check node/                     what is wrong on one node, whatever changed
  netdrift explain node/                   what its service proxy does
  netdrift expect cluster.yaml --node N    what kube-proxy would program on a node
  netdrift trace node/ 'tcp 10.244.3.9 -> 10.96.0.10:53'
                                           what becomes of a packet, rule by rule
  netdrift parse ipvsadm.txt               the listing as JSON

A snapshot is a folder of outputs, one file, or - for standard input: ipvsadm -ln, iptables -t nat -nL,
iptables-save, ipset list, lsmod, modules.builtin, kubectl get svc. Each is recognised by what it holds.

Commands:
  diff <before> <after>   what changed between two snapshots
  check <snapshot>        what is wrong in one snapshot; why kube-proxy does not run in ipvs mode
  explain <snapshot>      the configuration of the node's service proxy, and where each service leads
  expect <objects>        what kube-proxy would program for the objects of a cluster
  trace <snapshot> <packet>
                          what a node does with a packet: the rules it matches, and where it ends
  capture                 the script that collects a snapshot of a node
  digest [snapshot...]    a line a node and a line a service address, for a fleet and SQL
  parse [file...]         what netdrift reads in a text, as data
  rules [id]              what diff and check report, with severities and meanings
  git-diff                diffs of stored snapshots in git, told by netdrift
  completion <shell>      completion for bash, zsh or fish
  help [command]          this text, or that of a command; --man: the manual page

Options of every command:
  --help      this text; netdrift <command> --help tells more
  --quiet     no remarks on standard error, errors alone
  --verbose   what was read, and how long it took, on standard error
  --version   the version

Exit status of diff and check: 0 nothing that touches traffic, 1 drift or findings, 2 trouble (usage, or a side that
cannot be read).
`;
