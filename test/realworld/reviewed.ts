/**
 * Samples that a person read beside what netdrift made of them: what each holds, and what was seen. Facts of the reading (how many
 * nodes, which diagnostics) are computed by the test.
 */
export const REVIEWED: readonly (readonly [file: string, holds: string, seen: string])[] = [
  [
    'ipvsadm/01-opsnull-k8s-nodeport-flannel.txt',
    'node ports on a pod network, persistence of 10800 s, rows with blanks behind',
    'prints as it was pasted',
  ],
  [
    'ipvsadm/02-k8s-blog-review-diff-noheader.txt',
    'rows with the `+` of a diff and without titles',
    'the sign is taken off; addresses, weights and counts are those of the rows',
  ],
  [
    'ipvsadm/05-ipvs-vagrant-stats-two-hosts.txt',
    '`--stats` of two hosts, a line of dashes between',
    'two listings, each with the host of its prompt; counters as printed',
  ],
  [
    'ipvsadm/06-gitbook-newlines-lost.txt',
    'a listing on one line, its words run together',
    'taken apart behind its titles and before each row; values as written',
  ],
  [
    'ipvsadm/07-lvs-dr-zh-list-and-conns.txt',
    'version, listing and connections under one another, comments between',
    'three outputs; the connections are not taken for services',
  ],
  [
    'ipvsadm/09-k8s-99162-ungraceful-weights.txt',
    'servers with weight 0 and connections, cut in the last row',
    'weights 0 stay 0; the cut row is left out and told',
  ],
  [
    'ipvsadm/11-keepalived-187-grep-rs-tunnel.txt',
    'rows of servers alone, from grep',
    'nothing is made of them: the service they belong to is not shown',
  ],
  ['ipvsadm/16-zh-article-stats-paraphrased.txt', 'a table written by hand, with units behind its numbers', 'refused'],
  [
    'ipvsadm/17-zh-homework-transcript-mixed.txt',
    'an indented shell session: a failure, commands, a listing',
    'the failure is an answer of the tool; the commands are not rows',
  ],
  [
    'ipvsadm/20-zh-annotated-arrow-comment.txt',
    'a remark beside a row; the same table with names',
    'the remark is cut off; `localhost:http` is kept as names, not as an address',
  ],
  [
    'ipvsadm/21-kube-vip-781-masked-prefix.txt',
    'addresses hidden behind `<…>`',
    'the hidden address is kept as a name and told as cut; others are exact',
  ],
  ['ipvsadm/24-k8s-75262-empty-vs.txt', 'one service row', 'a service without servers'],
  [
    'ipvsadm/25-k8s-71596-narrowed-quote-prompt.txt',
    'the prompt `> `, which looks like a quote',
    'the prompt is a command line; both services have their own servers',
  ],
  [
    'ipvsadm/27-aws-hostnames-truncated-names.txt',
    'names cut at 28 characters, their ports gone',
    'no port is made up; each cut name is told',
  ],
  [
    'ipvsadm/30-doc-template-caret-annotations.txt',
    'one connection with an expiry written by hand, carets under it',
    'the row is refused: `10793` is no time that ipvsadm prints',
  ],
  [
    'ipvsadm/32-zh-proc-conn-hex-and-lnc-collapsed.txt',
    '/proc/net/ip_vs_conn, then `-lnc` of the same connections',
    'hexadecimal C806 is port 51206 in both; the cut row is left out',
  ],
  [
    'ipvsadm/35-k8s-70493-ansible-adhoc-multihost.txt',
    'one command on four hosts through ansible',
    'four listings with their hosts; one host has no server, and none is lent to it',
  ],
  [
    'ipvsadm/37-k8s-90186-ipv6-stale-after-delete.txt',
    '`kubectl get svc` and listings before and after a deletion',
    'each output by itself; IPv6 addresses exact',
  ],
  [
    'ipvsadm/39-dpvs-95-match-services-snat.txt',
    'DPVS: services by match, method SNAT',
    'the match is kept as text, the method is told as unknown to ipvsadm',
  ],
  [
    'ipvsadm/52-pssh-host-prefix-proc-fwm.txt',
    '/proc/net/ip_vs of two hosts, each line with its host',
    'FWM 7F000A01 is mark 2130708993; the second host has titles and no row',
  ],
  [
    'ipvsadm/53-rst-indent-lost-arrows.txt',
    'three listings whose rows lost their indent',
    'servers belong to the service above; the cut titles are told',
  ],
  [
    'ipvsadm/57-doc-rate-misaligned-suffixes.txt',
    'rates with `14M`, which ipvsadm never prints',
    'each figure is kept as it is written and stands for all that may have been rounded to it',
  ],
  [
    'ipvsadm/61-linode-module-missing-error.txt',
    'modprobe and ipvsadm saying that IPVS is missing',
    'two answers of tools, a fact about the machine',
  ],
  ['iptables-rules/04-zh-blogcomment-newlines-lost.txt', 'three rules on one line', 'three rules: a second `-A` begins another one'],
  [
    'iptables-rules/10-flannel-1337-duplicate-masq-variables.txt',
    'rules with `$ClusterSubnet` for an address',
    'the variable is kept as a name, which matches nothing for certain; not taken for any address',
  ],
  [
    'iptables-rules/12-docker-f2b-66-etc-line.txt',
    'rules from grep and the word `etc.`',
    'the word is set aside and not joined to the last rule',
  ],
  [
    'iptables-rules/14-k8s-44516-editor-numbers-wrap.txt',
    'line numbers of an editor, rules broken inside names',
    'six rules apart; the name that was broken is joined, the cut rule is told',
  ],
  [
    'iptables-save/01-k8s-54203-save-1421-mangle-nat.txt',
    'two tables of 1.4.21, cut in the second',
    'mangle is whole; nat is told as not ended',
  ],
  [
    'iptables-save/12-insights-ip6tables-save-special.txt',
    'a parser test with a line that is `-A` alone',
    'everything else is read; that line is no rule and is told',
  ],
  [
    'iptables-save/21-nn-openwrt-AA.txt',
    'rules that a terminal of 80 columns broke and filled up with blanks',
    'joined: `192.16` and `8.1.1:22` are 192.168.1.1:22 again',
  ],
  [
    'iptables-save/23-isem-parser-test.txt',
    'a parser test with an option that does not exist',
    'that option is kept as unknown text; `-s` behind a quoted `"` is still a source',
  ],
  [
    'iptables/08-docker-forlinux-267-exact-counters.txt',
    '`-x` counters and interface names wider than their columns',
    'columns are told by words, so none is shifted; the cut row is told',
  ],
  [
    'iptables/13-k8s-107965-legacy-warning-tail.txt',
    'the warning about legacy tables at the end',
    'a notice; the rule above is as printed',
  ],
  ['iptables/17-rpi-k3s-wc-warning.txt', 'a warning and a number from `wc`', 'the warning is read, the number set aside'],
  [
    'iptables/20-ubuntu-2007-prot-0-log-prefix.txt',
    'iptables of 2007: protocol as number, prefix of LOG in old quotes',
    'the prefix is `IN-unknown:`; the cut rule is told',
  ],
  [
    'iptables/24-ru-1810-no-command-error.txt',
    'listing, prose, an error, another prompt and half a title',
    'one table with two rules; the error is an answer of the tool',
  ],
  [
    'iptables/25-prose-log-collapsed-one-line.txt',
    'a listing in the middle of a sentence',
    'one rule, its length match and its target exact; the title of the columns is missing',
  ],
  ['iptables/36-linuxmint-2015-tcpflags-bang-blank.txt', '`tcpflags:! 0x17/0x02` of 1.4.11 to 1.4.20', 'mask 0x17, set 0x02, negated'],
  ['iptables/53-nn-tails-Lnv.txt', '`dpt:9050flags: 0x17/0x02` of the same versions', 'port 9050 and the flags; prints as it was'],
  [
    'kube-proxy-log/15-k8s-70304-fallback-419-conntrack.txt',
    'kube-proxy falling back to iptables',
    'the missing module, the reason, the mode that started',
  ],
  [
    'lsmod/01-photon-939-modprobe-not-found.txt',
    'modprobe saying that modules do not exist',
    'three answers of tools with the names of the modules',
  ],
  ['ipvsadm/03-ipvs-proposal-sudo-prompt-persistent.txt', 'behind the prompt of sudo, with persistence', 'prints as it was pasted'],
  [
    'ipvsadm/04-ipvs-proposal-persistent-conn.txt',
    '`--persistent-conn` behind the command that set the persistence',
    'the columns of that form; prints as it was pasted',
  ],
  ['ipvsadm/08-ru-notes-list-indented.txt', 'a listing with an indent', 'the indent is taken off; values as written'],
  ['ipvsadm/10-k8s-110814-timeouts-udp1.txt', '`--timeout` alone', 'three timeouts as printed'],
  ['ipvsadm/12-keepalived-1757-weight-zero-config.txt', 'a server of weight 0', 'weight 0 stays 0; prints as it was pasted'],
  [
    'ipvsadm/13-surealived-fwm-hostnames.txt',
    'firewall marks and names of hosts, cut in the last row',
    'marks and names as written; the cut row is told',
  ],
  ['ipvsadm/14-keepalived-596-inhibit-noport.txt', '`-L` without `-n`', 'names as written; prints as it was pasted'],
  ['ipvsadm/18-fr-mail-head6.txt', 'a listing through `head -n 6` in a mail', 'rows as written, and told as partial'],
  [
    'ipvsadm/22-k8s-89923-dualstack-invalid-vip.txt',
    'IPv4 and IPv6 services, a line of a configuration above',
    'addresses exact; the cut row is left out and told',
  ],
  [
    'ipvsadm/26-k8s-114669-dummy-vs.txt',
    'a service without servers, the next one cut',
    'the first as written; of the cut one nothing is taken',
  ],
  ['iptables/01-zh-notes-kube-services-vnL.txt', 'one chain with counters', 'prints as it was pasted; told as one chain alone'],
  ['iptables/02-zh-notes-kube-services-only.txt', 'one chain with counters and sets', 'prints as it was pasted; told as one chain alone'],
  ['iptables/05-mail-hostname-multi-rules.txt', '`-L` without `-n` in a mail', 'names as written; prints as it was pasted'],
  [
    'iptables/09-moby-20243-nat-nvL.txt',
    'nat with counters, cut in the last row',
    'prints as it was pasted but for the cut row, which is told',
  ],
  [
    'iptables-save/02-k8s-36835-save-wrong-flag.txt',
    'an error above a save that ends in `-A`',
    'the error is an answer of the tool; the table is told as not ended',
  ],
  [
    'ip6tables/01-kube-ovn-1716-ip6-nat-empty-opt.txt',
    'rules of IPv6 without an opt column, through grep',
    'prints as it was pasted; told as partial',
  ],
  ['ipset/01-zh-notes-kube-cluster-ip.txt', 'one set that was asked for', 'head and members as written'],
  ['iptables-rules/01-k8s-65803-before-no-addrtype.txt', 'rules alone, without declarations', 'prints as it was pasted'],
  ['iptables-rules/02-k8s-65803-after-addrtype.txt', 'rules alone, without declarations', 'prints as it was pasted'],
];
