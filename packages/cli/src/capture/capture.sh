#!/bin/sh
# netdrift capture: collects what netdrift reads of this node into one .tar.gz, with a manifest of what was run.
#
#   sh capture.sh [FILE]         writes FILE; without one, netdrift-HOST-TIME.tar.gz here, or standard output where that is no terminal
#   ssh node sh -s <capture.sh >node.tar.gz
#   kubectl debug node/NAME --quiet -i --image=busybox --profile=sysadmin -- chroot /host sh -s <capture.sh >node.tar.gz
#
# It reads and changes nothing. ipvsadm, ipset, nft, iptables and conntrack make the kernel load their modules when asked, so each is
# run only where its modules are there already. No Secret, no key, no environment and no configuration of other programs is read.
# POSIX shell alone: dash and busybox sh run it.

# One block: it is read whole before it starts, so that no command of it takes the rest of the script for its input.
{
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin
export LC_ALL PATH
umask 077

say() { printf 'netdrift capture: %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
# Printable ASCII on one line, at most 500 characters, as the inside of a JSON string.
json() { tr '\n\t\r' '   ' | tr -cd '\040-\176' | cut -c 1-500 | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//'; }
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

host=$(hostname 2>/dev/null || cat /proc/sys/kernel/hostname 2>/dev/null || echo unknown)
host=$(printf %s "$host" | tr -c 'A-Za-z0-9._-' '-')
started=$(now)
name=netdrift-$host-$(printf %s "$started" | tr -d ':-')

work=
for place in "${TMPDIR:-/tmp}" /tmp /run /dev/shm; do
  work=$place/netdrift-capture.$$
  mkdir "$work" 2>/dev/null && break
  work=
done
[ -n "$work" ] || { say 'no folder can be written: set TMPDIR'; exit 2; }
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
dir=$work/$name
mkdir "$dir" || exit 2

# A tool that waits for a lock must not keep the capture waiting. The old busybox has another `timeout`.
limit=
if has timeout; then
  if timeout 1 true 2>/dev/null; then limit='timeout 20'; elif timeout -t 1 true 2>/dev/null; then limit='timeout -t 20'; fi
fi

comma=
# entry FILE COMMAND RAN [STATUS EMPTY]: one line of the manifest, with what stands in $work/stderr.
entry() {
  printf '%s\n    {"file": "%s", "command": "%s", "ran": %s' "$comma" "$1" "$(printf %s "$2" | json)" "$3" >>"$work/commands"
  [ $# -lt 5 ] || printf ', "status": %s, "empty": %s' "$4" "$5" >>"$work/commands"
  if [ -s "$work/stderr" ]; then printf ', "stderr": "%s"' "$(json <"$work/stderr")" >>"$work/commands"; fi
  [ "$3" = true ] || printf ', "reason": "%s"' "$reason" >>"$work/commands"
  printf '}' >>"$work/commands"
  : >"$work/stderr"
  comma=,
}
: >"$work/commands"
: >"$work/stderr"

# run FILE COMMAND…: its output goes to FILE. What ends with an error leaves no file: half an output is none.
run() {
  file=$1
  shift
  if ! has "$1"; then
    reason='not installed'
    entry "$file" "$*" false
    return
  fi
  status=0
  $limit "$@" >"$dir/$file" 2>"$work/stderr" || status=$?
  empty=true
  [ ! -s "$dir/$file" ] || empty=false
  [ "$status" -eq 0 ] || mv "$dir/$file" "$work/failed"
  entry "$file" "$*" true "$status" "$empty"
}
# own FILE TITLE FUNCTION: the output of a function of this script, which `timeout` could not run.
own() {
  status=0
  "$3" >"$dir/$1" 2>"$work/stderr" || status=$?
  empty=true
  [ ! -s "$dir/$1" ] || empty=false
  entry "$1" "$2" true "$status" "$empty"
}
# skip FILE COMMAND: it is not run, for its modules are not loaded.
skip() {
  reason='not loaded'
  entry "$1" "$2" false
}
# copy FILE PATH: a file of the kernel, where it is there.
copy() {
  if [ -r "$2" ]; then
    run "$1" cat "$2"
  else
    reason='no such file'
    entry "$1" "cat $2" false
  fi
}
# loaded MODULE…: all of them are loaded or built in. A kernel without modules can load none.
loaded() {
  [ -e /proc/modules ] || return 0
  for module in "$@"; do
    grep -q "^$module " /proc/modules || [ -d "/sys/module/$module" ] || grep -q "/$module\.ko" "/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null || return 1
  done
}
# Whether iptables-legacy has tables already; asking for one that is not there would load it.
legacy_loaded() { [ -n "$(cat "/proc/net/$1_tables_names" 2>/dev/null)" ]; }
# backend TOOL: nft or legacy, by the program that it is a link to; iptables-nft loads nfnetlink already when it is asked for its version.
backend() {
  case $(readlink -f "$(command -v "$1")" 2>/dev/null) in
    *nft*) echo nft ;;
    *legacy*) echo legacy ;;
    *) if loaded nfnetlink; then case $("$1" --version 2>/dev/null) in *nf_tables*) echo nft ;; *) echo legacy ;; esac; else echo legacy; fi ;;
  esac
}

# rules FAMILY: the rules of iptables or ip6tables, of the backend that is the node's own, and of the other one where it holds rules too.
rules() {
  family=${1%tables}
  own=$(backend "$1")
  for kind in nft legacy; do
    tool=$1-$kind-save
    file=$1-$kind-save.txt
    [ "$kind" != "$own" ] || file=$1-save.txt tool=$1-save
    if [ "$kind" = nft ]; then ready() { loaded nf_tables; }; else ready() { legacy_loaded "$family"; }; fi
    has "$tool" || [ "$kind" = "$own" ] || continue
    if has "$tool" && ! ready; then
      skip "$file" "$tool -c"
      continue
    fi
    run "$file" "$tool" -c
    if [ "$kind" != "$own" ] && [ -f "$dir/$file" ] && ! grep -q '^\[*[0-9:]*\]* *-A ' "$dir/$file"; then rm "$dir/$file"; fi
  done
}

# What forwards packets first and at once, so that the parts are of one moment.
if [ -r /proc/net/ip_vs ]; then
  if has ipvsadm; then
    run ipvsadm-Sn.txt ipvsadm -Sn
    run ipvsadm-ln.txt ipvsadm -ln
    run ipvsadm-ln-timeout.txt ipvsadm -ln --timeout
    run ipvsadm-ln-daemon.txt ipvsadm -ln --daemon
  else
    reason='not installed'
    entry ipvsadm-Sn.txt 'ipvsadm -Sn' false
    copy proc-net-ip_vs.txt /proc/net/ip_vs
  fi
else
  skip ipvsadm-Sn.txt 'ipvsadm -Sn'
fi
if loaded ip_set; then run ipset-save.txt ipset save -sorted; else skip ipset-save.txt 'ipset save -sorted'; fi
rules iptables
rules ip6tables
if loaded nf_tables; then run nft-list-ruleset.txt nft list ruleset; else skip nft-list-ruleset.txt 'nft list ruleset'; fi
if loaded nf_conntrack; then run conntrack-count.txt conntrack -C; else skip conntrack-count.txt 'conntrack -C'; fi

run ip-addr.txt ip addr
run ip-route.txt ip -4 route show table all
run ip-6-route.txt ip -6 route show table all
run ip-rule.txt ip -4 rule
run ip-6-rule.txt ip -6 rule
# netstat reads /proc; ss asks modules of its own.
if has ss && loaded inet_diag tcp_diag udp_diag; then run ss-lntu.txt ss -lntu
elif has netstat; then run netstat-lntu.txt netstat -lntu
else skip ss-lntu.txt 'ss -lntu'; fi

# Settings by name: /proc/sys holds secrets too, as stable_secret of each interface.
sysctls() {
  for path in net/ipv4/ip_forward net/ipv4/ip_nonlocal_bind net/ipv4/ip_local_port_range net/ipv4/tcp_keepalive_time \
    net/ipv4/vs net/bridge net/ipv4/conf/all net/ipv4/conf/default net/ipv6/conf/all/forwarding net/netfilter; do
    find "/proc/sys/$path" -type f 2>/dev/null
  done | grep -E '/(ip_[a-z_]*|tcp_keepalive_time|vs/[a-z_]*|bridge-nf-[a-z0-9-]*|conf/(all|default)/(route_localnet|arp_ignore|arp_announce|rp_filter|accept_local|forwarding)|nf_conntrack_(max|count|buckets|tcp_[a-z_]*|udp_[a-z_]*))$' |
    sort | while IFS= read -r path; do
      # Words of one value are apart by a tab, as sysctl prints them.
      value=$(cat "$path" 2>/dev/null) && printf '%s = %s\n' "$(printf %s "${path#/proc/sys/}" | tr / .)" "$value"
    done
}
own sysctl.txt 'sysctl, chosen names' sysctls
copy proc-modules.txt /proc/modules
copy modules.builtin.txt "/lib/modules/$(uname -r)/modules.builtin"
run uname-r.txt uname -r

# Settings of kube-proxy that decide about packets, word by word: no other flag and no other process is looked at.
proxy_flags() {
  for process in /proc/[0-9]*; do
    [ "$(cat "$process/comm" 2>/dev/null)" = kube-proxy ] || continue
    tr '\000' '\n' <"$process/cmdline" | grep -E '^--(proxy-mode|cluster-cidr|masquerade-all|iptables-masquerade-bit|ipvs-[a-z-]*|nodeport-addresses|detect-local-mode|hostname-override)='
  done
  true
}
own kube-proxy-flags.txt 'flags of kube-proxy, chosen names' proxy_flags
if has wget; then
  run kube-proxy-mode.txt wget -q -T 2 -O - http://127.0.0.1:10249/proxyMode
elif has curl; then
  run kube-proxy-mode.txt curl -sf -m 2 http://127.0.0.1:10249/proxyMode
fi

version() { printf '    "%s": "%s"' "$1" "$("$@" 2>&1 | head -n 1 | json)"; }
versions() {
  printf '    "kernel": "%s"' "$(uname -r | json)"
  # All of these open a socket of netfilter or of IPVS before they answer.
  if [ -r /proc/net/ip_vs ] && has ipvsadm; then printf ',\n' && version ipvsadm --version; fi
  if loaded ip_set && has ipset; then printf ',\n' && version ipset --version; fi
  if loaded nfnetlink; then
    for tool in iptables ip6tables nft conntrack; do
      if has "$tool"; then printf ',\n' && version "$tool" --version; fi
    done
  fi
  if has ip; then printf ',\n' && version ip -V; fi
}
{
  printf '{\n  "schemaVersion": "1.0",\n  "netdrift": "%s",\n  "host": "%s",\n  "started": "%s",\n  "ended": "%s",\n' NETDRIFT_VERSION "$host" "$started" "$(now)"
  printf '  "root": %s,\n' "$([ "$(id -u)" = 0 ] && echo true || echo false)"
  printf '  "versions": {\n%s\n  },\n  "commands": [%s\n  ]\n}\n' "$(versions)" "$(cat "$work/commands")"
} >"$dir/manifest.json"

[ "$(id -u)" = 0 ] || say 'not root: most tools show nothing; the manifest says what each answered'

# pack FILE: gzip where there is one; netdrift reads a plain tar too.
pack() {
  if has gzip; then (cd "$work" && tar -cf - "$name") | gzip -c; else (cd "$work" && tar -cf - "$name"); fi
}
has tar || { say 'tar is missing'; exit 2; }
if [ $# -gt 0 ] && [ "$1" != - ]; then
  pack >"$1" || exit 2
  say "wrote $1"
elif [ $# -eq 0 ] && [ -t 1 ]; then
  pack >"$name.tar.gz" || exit 2
  say "wrote $name.tar.gz"
else
  pack
fi
} </dev/null
