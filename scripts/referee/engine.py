#!/usr/bin/env python3
"""Restores snapshots of a node in network namespaces of this kernel, sends packets, and writes down what became of each.

usage: engine.py JOB.json RESULT.json          (root; needs iptables, ipset, iproute2, nft; ipvsadm for sides with IPVS)

JOB    {"sides": {NAME: {"iptables": FILE?, "ip6tables": FILE?, "ipset": FILE?, "ipvs": FILE?, "nft": FILE?, "restore": [TOOL...]?, "vips": [...], "node": {...}, "sysctl": {...}}},
        "probes": [{"id", "side", "hook", "proto", "src", "sport", "dst", "dport", "in"?}]}          one packet each
RESULT {"sides": {NAME: {"errors": [...]}}, "seen": {ID: {"events": [...]}}}

The node is a namespace. Its devices are TUN devices: what is written to one arrives on it as from the wire, what the kernel sends is
read from it, so no address outside is ever reached. Each device has an address of its own before the node's (a marker): masquerading takes
the first address of the device, so it is always seen, even where the packet comes from the node. What is delivered to the node itself is
logged by an nft rule behind all others at INPUT, and dropped there, so that no local socket answers.
"""
import ctypes
import fcntl
import ipaddress
import json
import os
import re
import select
import socket
import struct
import subprocess
import sys
import time

import packets

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454ca, 1, 0x1000
MARKER = '100.127.77.%d'
MARKER6 = 'fd77:77::%x'


def sh(command, stdin=None, errors=None):
    done = subprocess.run(command, shell=isinstance(command, str), input=stdin, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode and errors is not None:
        errors.append('%s: %s' % (command if isinstance(command, str) else ' '.join(command), (done.stderr or done.stdout).strip()[:400]))
    return done


def sysctl(name, value):
    try:
        with open('/proc/sys/' + name.replace('.', '/'), 'w') as f:
            f.write(str(value))
    except OSError:
        pass


def tun(name):
    fd = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TUN | IFF_NO_PI))
    return fd


class Log:
    """A group of nfnetlink_log: yields (prefix, packet)."""

    def __init__(self, group):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)                 # SO_RCVBUFFORCE
        self.socket.bind((0, 0))
        for family in (socket.AF_INET, socket.AF_INET6):
            self._config(family, 0, struct.pack('=HHBxxx', 5, 1, 4))            # NFULNL_CFG_CMD_PF_UNBIND
            self._config(family, 0, struct.pack('=HHBxxx', 5, 1, 3))            # ... PF_BIND
        self._config(0, group, struct.pack('=HHBxxx', 5, 1, 1))                 # ... BIND
        self._config(0, group, struct.pack('!H', 10) [::-1] + struct.pack('=H', 2) + struct.pack('!IBx', 512, 2) + b'\0\0')  # copy packets
        self._config(0, group, struct.pack('=HH', 8, 5) + struct.pack('!I', 1))  # QTHRESH 1: flush each message
        self.socket.setblocking(False)

    def _config(self, family, group, attribute):
        body = struct.pack('=BB', family, 0) + struct.pack('!H', group) + attribute
        self.socket.send(struct.pack('=IHHII', 16 + len(body), (4 << 8) | 1, 1 | 4, 1, 0) + body)

    def read(self):
        while True:
            try:
                data = self.socket.recv(1 << 18)
            except (BlockingIOError, OSError):
                return
            at = 0
            while at + 16 <= len(data):
                length, kind = struct.unpack('=IH', data[at:at + 6])
                if length < 16:
                    break
                if kind == (4 << 8):
                    prefix, payload = '', b''
                    where, end = at + 20, at + length
                    while where + 4 <= end:
                        size, attribute = struct.unpack('=HH', data[where:where + 4])
                        if size < 4:
                            break
                        value = data[where + 4:where + size]
                        if attribute & 0x7fff == 9:
                            payload = value
                        elif attribute & 0x7fff == 10:
                            prefix = value.rstrip(b'\0').decode()
                        where += (size + 3) & ~3
                    yield prefix, payload
                at += (length + 3) & ~3


def without_counters(path):
    return re.sub(r'(?m)^\[\d+:\d+\] (?=-A)', '', open(path).read())


class Node:
    def __init__(self, side):
        self.errors, self.tuns, self.side = [], {}, side
        node = side['node']
        for name, value in {'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.forwarding': 1, 'net.ipv4.conf.all.rp_filter': 0,
                            'net.ipv4.conf.default.rp_filter': 0, 'net.ipv4.icmp_ratemask': 0, 'net.ipv6.icmp.ratemask': '', 'net.ipv6.icmp.ratelimit': 0,
                            'net.ipv6.conf.default.accept_dad': 0, 'net.ipv6.conf.all.accept_dad': 0, 'net.netfilter.nf_log.2': 'nfnetlink_log',
                            'net.netfilter.nf_log.10': 'nfnetlink_log', 'net.ipv4.conf.default.send_redirects': 0, 'net.ipv4.conf.all.send_redirects': 0}.items():
            sysctl(name, value)
        batch = ['link set lo up']
        names = list(node['devices'])
        for number, name in enumerate(names, 1):
            self.tuns[name] = tun(name)
            sysctl('net.ipv4.conf.%s.rp_filter' % name.replace('.', '/'), 0)
            batch += ['link set %s txqueuelen 20000' % name, 'addr add %s/32 dev %s' % (MARKER % number, name), 'link set %s up' % name,
                      'addr add %s/128 dev %s nodad' % (MARKER6 % number, name)]
            batch += ['addr add %s/%d dev %s%s' % (a, 128 if ':' in a else 32, name, ' nodad' if ':' in a else '') for a in node['devices'][name]]
        batch += ['route add %s dev %s' % (route, device) for route, device in node['routes']]
        if side.get('vips'):
            self.tuns['kube-ipvs0'] = tun('kube-ipvs0')
            batch += ['link set kube-ipvs0 up'] + ['addr add %s/%d dev kube-ipvs0%s' % (a, 128 if ':' in a else 32, ' nodad' if ':' in a else '') for a in side['vips']]
        done = sh(['ip', '-force', '-batch', '-'], '\n'.join(batch) + '\n')
        if done.returncode:
            self.errors.append('ip: ' + done.stderr.strip()[:400])
        self.markers = {MARKER % n for n in range(1, len(names) + 1)} | {MARKER6 % n for n in range(1, len(names) + 1)}
        for name, value in side.get('sysctl', {}).items():
            sysctl(name, value)
        self.restore()
        self.listen()

    def restore(self):
        side, errors = self.side, self.errors
        if side.get('ipset'):
            sh(['ipset', 'restore', '-exist'], open(side['ipset']).read(), errors)
        if side.get('ipvs'):
            sysctl('net.ipv4.vs.conntrack', 1)
            sh(['ipvsadm', '-R'], open(side['ipvs']).read(), errors)
            for name, value in side.get('sysctl', {}).items():
                sysctl(name, value)
        # Of chains of one priority that registered last is asked first.
        for tool in side.get('restore', ['nft', 'iptables', 'ip6tables']):
            if tool == 'nft' and side.get('nft'):
                sh(['nft', '-f', side['nft']], errors=errors)
            elif side.get(tool):
                sh([tool + '-restore'], without_counters(side[tool]), errors)

    def listen(self):
        sh(['nft', '-f', '-'], 'table inet referee {\n chain local {\n  type filter hook input priority 300; policy accept;\n  log group 1\n  drop\n }\n}\n', self.errors)
        self.local = Log(1)
        self.lo = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
        self.lo.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)
        self.lo.bind(('lo', 3))
        self.lo.setblocking(False)
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.raw6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
        self.seen = {}

    def device_of(self, address):
        best, found = -1, None
        ip = ipaddress.ip_address(address)
        for route, device in self.side['node']['routes']:
            net = ipaddress.ip_network({'default': '0.0.0.0/0', '::/0': '::/0'}.get(route, route), strict=False)
            if net.version == ip.version and ip in net and net.prefixlen > best:
                best, found = net.prefixlen, device
        return found

    def send(self, index, probe):
        proto = packets.protocol_number(probe['proto'])
        data = packets.build(index, proto, probe['src'], probe.get('sport') or 0, probe['dst'], probe.get('dport') or 0)
        record = self.seen[index] = {'events': []}
        try:
            if probe['hook'] == 'OUTPUT':
                if ':' in probe['dst']:
                    self.raw6.sendto(data, (probe['dst'], 0))
                else:
                    self.raw.sendto(data, (probe['dst'], 0))
            else:
                os.write(self.tuns[probe.get('in') or self.device_of(probe['src'])], data)
        except OSError as error:
            record['events'].append({'kind': 'send-error', 'error': str(error)})

    def drain(self, patience=0.02):
        fds = {fd: name for name, fd in self.tuns.items()}
        logs = [self.local.socket, self.lo]
        end = time.time() + patience
        while time.time() < end:
            ready, _, _ = select.select([*fds, *logs], [], [], patience / 4)
            for what in ready:
                if what in fds:
                    while True:
                        try:
                            self.note(os.read(what, 65536), 'out', fds[what])
                        except (BlockingIOError, OSError):
                            break
                elif what is self.lo:
                    while True:
                        try:
                            data, where = self.lo.recvfrom(65536)
                        except (BlockingIOError, OSError):
                            break
                        if where[2] != socket.PACKET_OUTGOING:
                            self.note(data, 'lo', 'lo')
                elif what is self.local.socket:
                    for _, data in self.local.read():
                        self.note(data, 'local', 'lo')
            if ready:
                end = time.time() + patience

    def note(self, data, where, device):
        found = packets.parse(data)
        if not found or found['index'] not in self.seen:
            return
        if where == 'lo' and found['kind'] == 'packet':
            return
        if where == 'local' and found['kind'] != 'packet':
            return
        event = {k: v for k, v in found.items() if k != 'index'}
        event.update(where=where, dev=device)
        event['masqueraded'] = found['src'] in self.markers
        events = self.seen[found['index']]['events']
        if event not in events:
            events.append(event)


def run_side(side, probes):
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'unshare')
    node = Node(side)
    burst = side.get('burst', 200)
    for start in range(0, len(probes), burst):
        for index in range(start, min(len(probes), start + burst)):
            node.send(index + 1, probes[index])
        node.drain(side.get('patience', 0.01))
    node.drain(side.get('patience', 0.01) * 5)
    return {'errors': node.errors, 'seen': {probes[i - 1]['id']: v for i, v in node.seen.items()}}


def main(job_file, result_file):
    job = json.load(open(job_file))
    os.chdir(os.path.dirname(os.path.abspath(job_file)))
    result = {'sides': {}, 'seen': {}}
    for name, side in job['sides'].items():
        probes = [p for p in job['probes'] if p['side'] == name]
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            try:
                answer = run_side(side, probes)
            except Exception as error:                                         # told in the result: the side cannot be replayed
                answer = {'errors': ['engine: %r' % error], 'seen': {}}
            with os.fdopen(writer, 'w') as f:
                json.dump(answer, f)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as f:
            answer = json.load(f)
        os.waitpid(child, 0)
        result['sides'][name] = {'errors': answer['errors']}
        result['seen'].update(answer['seen'])
    json.dump(result, open(result_file, 'w'))


if __name__ == '__main__':
    main(*sys.argv[1:3])
