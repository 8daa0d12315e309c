/** Texts that hold no output of a known tool, and look as if they did: in columns, with `->`, with words that a tool prints too. */
export const FOREIGN_TEXTS: Readonly<Record<string, string>> = {
  'netstat -ltn': `Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State      
tcp        0      0 127.0.0.1:10248         0.0.0.0:*               LISTEN     
tcp6       0      0 :::10256                :::*                    LISTEN     
`,
  'ss -ltn': `State    Recv-Q   Send-Q     Local Address:Port      Peer Address:Port  Process  
LISTEN   0        4096           127.0.0.1:10248          0.0.0.0:*               
LISTEN   0        4096                   *:10256                *:*               
`,
  'ip neigh': `192.168.1.1 dev eth0 lladdr 52:54:00:12:34:56 REACHABLE
10.244.1.0 dev flannel.1 lladdr 52:54:00:65:43:21 PERMANENT
`,
  'ip link': `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
`,
  'conntrack -L -o xml': `<?xml version="1.0" encoding="utf-8"?>
<conntrack><flow><meta direction="original"><layer3 protonum="2" protoname="ipv4"><src>10.0.0.1</src><dst>10.0.0.2</dst></layer3></meta></flow></conntrack>
`,
  'ebtables -L': `Bridge table: filter

Bridge chain: INPUT, entries: 0, policy: ACCEPT

Bridge chain: FORWARD, entries: 1, policy: ACCEPT
-p IPv4 -j ACCEPT
`,
  'route -n': `Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         192.168.1.1     0.0.0.0         UG    100    0        0 eth0
`,
  'docker ps': `CONTAINER ID   IMAGE          COMMAND                  CREATED         STATUS         PORTS                  NAMES
d7886598dbe2   nginx:latest   "/docker-entrypoint.…"   33 minutes ago  Up 33 minutes  0.0.0.0:8080->80/tcp   web
`,
  'kubectl get deployments': `NAMESPACE     NAME                               READY   UP-TO-DATE   AVAILABLE   AGE
kube-system   coredns                            2/2     2            2           14d
kube-system   metrics-server                     1/1     1            1           14d
`,
  'a log of another program': `I1116 09:02:43.498855    1000 kubelet.go:122] Starting kubelet
`,
  'ls -l': `total 8
drwxr-xr-x 2 root root 4096 Nov 20 10:00 before
lrwxrwxrwx 1 root root    7 Nov 20 10:00 now -> before
`,
  'numbers in columns': `1 2 3
4 5 6
`,
  'an arrow in prose': `The client sends a packet to the virtual address, and
IPVS picks a real server: client -> VIP -> RIP.
  -> this is how the director sees it
TCP is -> better than UDP here, because
UDP  does not retry.
`,
  'a letter': `Dear all,

please find attached the listing. Members: me.
Name: Bob
Chain of events: see below.
`,
  'an error of ipvsadm that is not known': `ipvsadm: segmentation fault
`,
  'an error of iptables that is not known': `iptables: something entirely new happened
`,
  'an error of ipset that is not known': `ipset: the moon is full
`,
  'an error of another program': `bash: foo: Permission denied
`,
  'source code': `#include <stdio.h>

/* prints the table -> stdout */
static void print_table(struct ip_vs_get_services *s)
{
	int i;
	for (i = 0; i < s->num_services; i++)
		printf("  -> %s:%d\\n", s->entrytable[i].addr, s->entrytable[i].port);
}
`,
  'a table of comma-separated values': `name,address,port,weight
web,10.0.0.1,80,1
api,10.0.0.2,443,2
`,
  'a page of HTML': `<!DOCTYPE html>
<html>
<head><title>Load balancing with IPVS</title></head>
<body>
<p>Use <code>ipvsadm -ln</code> to see -&gt; the table.</p>
<ul><li>TCP</li><li>UDP</li></ul>
</body>
</html>
`,
  'JSON of no cluster': `{
  "name": "x",
  "kind": "module",
  "version": "1"
}
`,
  'a configuration of keepalived': `virtual_server 10.0.0.1 80 {
    lb_algo rr
    protocol TCP
    real_server 192.168.0.1 80 {
        weight 1
    }
}
`,
};
