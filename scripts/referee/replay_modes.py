#!/usr/bin/env python3
"""What `netdrift diff` says of a change of the proxy mode, against the kernel.

Both captures are restored in network namespaces (engine.py), connections from each kind of sender are begun to each address and port of a
service, and what survived and what differs is worked out from what the kernel did (judge_modes.py), without netdrift's code.

usage: replay_modes.py BEFORE:AFTER...     folders of captures (iptables-save.txt, nft-list-ruleset.txt, ipset-save.txt, ip-addr.txt, ...)

Endpoints of the node send to their own services too (hairpins), and one client connects to each service with session affinity again and again.

Needs root, node, iptables, ipset, iproute2 and nft, and `npm run build` once. Captures with virtual services are restored by the command in IPVS_VM
(`IPVS_VM -i DIR -o OUT SCRIPT` runs a script as root in a virtual machine whose kernel has ip_vs). Exit status 1 where the two disagree.
"""
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

import judge_modes

HERE = os.path.dirname(os.path.abspath(__file__))
NETDRIFT = os.path.join(HERE, '..', '..', 'packages', 'cli', 'dist', 'netdrift.js')
NODE = {'4': '192.168.10.11', '6': 'fd00:192:168:10::11'}
# An endpoint with a share of a tenth is missed once in 300,000; in emulation fewer do.
CONNECTIONS = int(os.environ.get('REPLAY_CONNECTIONS', '120'))
# Of one client to a service with session affinity, and of an endpoint to itself.
AGAIN = 12


def read(*path):
    path = os.path.join(*path)
    return open(path, errors='surrogateescape').read() if os.path.isfile(path) else ''


def netdrift(*arguments):
    done = subprocess.run(['node', NETDRIFT, *arguments, '--format', 'json'], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return json.loads(done.stdout)


def devices_of(folder):
    """Addresses by device, as `ip addr` shows them."""
    devices, device = {}, ''
    for line in (read(folder, 'ip-addr.txt') or read(folder, 'ip-addr-kube-ipvs0.txt')).splitlines():
        started = re.match(r'\d+: ([^:@]+)', line)
        address = re.match(r'\s+inet6? (?!fe80)([0-9a-f.:]+)', line)
        if started:
            device = started.group(1)
        elif address:
            devices.setdefault(device, []).append(address.group(1))
    return devices


RULES = ('iptables-save.txt', 'ip6tables-save.txt', 'nft-list-ruleset.txt', 'nft-a-list-ruleset.txt')


def lacks(folder):
    """Why a folder is no capture that can be restored, or nothing."""
    if not os.path.isdir(folder):
        return '%s is no folder' % folder
    if not any(read(folder, name) for name in RULES):
        steps = sorted(step for step in os.listdir(folder) if any(read(folder, step, name) for name in RULES))
        return '%s holds no rules: a capture has %s or %s, what ip addr shows in ip-addr.txt, and ipset-save.txt and ipvsadm-Sn.txt where sets and virtual services are%s' % (
            folder, ', '.join(RULES[:-1]), RULES[-1], '; its captures are %s' % ', '.join(os.path.join(folder, step) for step in steps) if steps else '')
    if read(folder, 'ipvsadm-ln.txt').count('\n') > 3 and not read(folder, 'ipvsadm-Sn.txt'):
        return '%s has virtual services that cannot be restored: ipvsadm-Sn.txt (ipvsadm -Sn) is missing' % folder
    return None


def side_of(folder, name, job):
    def give(kind, content):
        if content:
            open(os.path.join(job, name + '.' + kind), 'w', errors='surrogateescape').write(content)
            side[kind] = name + '.' + kind
    side = {}
    found = devices_of(folder)
    found.pop('lo', None)
    side['vips'] = found.pop('kube-ipvs0', [])
    devices = {'eth0': [NODE['4']], 'cni0': ['10.244.0.1'], **found}
    routes = [['default', 'eth0'], ['10.244.0.0/24', 'cni0']]
    if any(':' in address for addresses in devices.values() for address in addresses):
        routes += [['::/0', 'eth0'], ['fd00:10:244::/64', 'cni0']]
    side['node'] = {'devices': devices, 'routes': routes}
    ruleset = read(folder, 'nft-list-ruleset.txt') or read(folder, 'nft-a-list-ruleset.txt')
    # The tables of kube-proxy alone: those of iptables-nft are restored by iptables.
    give('nft', ''.join(table for table in re.split(r'(?m)^(?=table )', ruleset) if re.match(r'table ip6? kube-proxy ', table)))
    give('iptables', read(folder, 'iptables-save.txt'))
    give('ip6tables', read(folder, 'ip6tables-save.txt'))
    give('ipset', read(folder, 'ipset-save.txt'))
    services = read(folder, 'ipvsadm-Sn.txt')
    give('ipvs', services if '-A ' in services else '')
    settings = read(folder, 'sysctl.txt') or read(folder, '..', 'sysctl.txt')
    side['sysctl'] = dict(re.findall(r'(?m)^(net\.ipv4\.(?:vs\.conntrack|conf\.all\.route_localnet)) = (\d+)$', settings))
    side['own'] = [address for addresses in devices.values() for address in addresses] + side['vips'] + ['127.0.0.1']
    return side


def places_of(tables, sides):
    """Each address and port at which a service answers in one of the tables; a node port at every address of the node."""
    node = {address for side in sides for addresses in side['node']['devices'].values() for address in addresses} | {'127.0.0.1'}
    places = {}
    for table in tables:
        for service in table['servicePorts']:
            for frontend in service['frontends']:
                if 'fwmark' in frontend:
                    continue
                is_node_port = frontend['purpose'] == 'node port'
                is_ipv6 = frontend.get('family') == 'ipv6' or any(':' in address for address in frontend['addresses'])
                for address in sorted(set(frontend['addresses']) | ({one for one in node if (':' in one) == is_ipv6} if is_node_port else set())):
                    key = '%s %s' % (frontend['protocol'], judge_modes.at(address, frontend['port']))
                    place = places.setdefault(key, {'place': key, 'service': service['name'], 'named': False, 'nodePort': is_node_port, 'address': address,
                                                    'protocol': frontend['protocol'], 'port': frontend['port'], 'affinity': False, 'ranges': None})
                    if service['named'] and not place['named']:
                        place.update(service=service['name'], named=True)
                    place['affinity'] |= frontend.get('affinitySeconds', 0) > 0
                    place['ranges'] = place['ranges'] or frontend.get('sourceRanges')
    return [places[key] for key in sorted(places)]


def own_endpoints(tables, sides):
    """Endpoints of the node itself, by place."""
    nets = [ipaddress.ip_network(route) for side in sides for route, device in side['node']['routes'] if device == 'cni0']
    found = {}
    for table in tables:
        for frontend in (frontend for service in table['servicePorts'] for frontend in service['frontends']):
            for endpoint in (endpoint['address'] for path in frontend['paths'] for endpoint in path['endpoints']):
                address = endpoint.rpartition(':')[0].strip('[]')
                if any(ipaddress.ip_address(address) in net for net in nets if net.version == ipaddress.ip_address(address).version):
                    for own in frontend['addresses']:
                        found.setdefault('%s %s' % (frontend['protocol'], judge_modes.at(own, frontend['port'])), set()).add(address)
    return found


def source_of(sender, place, side, count):
    """Many clients, for session affinity binds one to its endpoint. The node sends from the address it sends to, where that is its own."""
    is_ipv6 = ':' in place['address']
    if sender == 'pod':
        # No endpoint of the captures: what that sends to itself is masqueraded.
        return ('fd00:10:244::%x' if is_ipv6 else '10.244.0.%d') % (200 + count % 50)
    if sender == 'node':
        return place['address'] if place['address'] in side['own'] else NODE['6' if is_ipv6 else '4']
    if not place['ranges']:
        # Clients of their own at each place: a service with session affinity knows them again at its other places.
        return ('2001:db8:77:%x::%x' if is_ipv6 else '203.%d.113.%d') % (zlib.crc32(place['place'].encode()) % 200, 1 + count % 250)
    address, _, length = place['ranges'][0].partition('/')
    if is_ipv6:
        return str(ipaddress.ip_address(address) + (1 + count % 250 if int(length or 128) <= 112 else 0))
    return address if length in ('', '32') else re.sub(r'\d+$', lambda last: str(int(last.group()) + (1 + count % 250 if int(length) <= 24 else 1)), address)


def probes_of(places, sides, hairpins):
    for name, side in sides.items():
        for place in places:
            packet = {'side': name, 'proto': place['protocol'], 'dst': place['address'], 'dport': place['port']}
            for endpoint in hairpins.get(place['place'], []):
                for count in range(AGAIN * 4):
                    yield {**packet, 'id': '%s %s %s %d' % (name, place['place'], endpoint, count), 'hook': 'PREROUTING', 'in': 'cni0', 'src': endpoint, 'sport': 30000 + count}
            if place['affinity'] and not place['address'].startswith('127.'):
                source = source_of('outside', place, side, 249)
                for count in range(AGAIN):
                    yield {**packet, 'id': '%s %s again %d' % (name, place['place'], count), 'hook': 'PREROUTING', 'in': 'eth0', 'src': source, 'sport': 40000 + count}
            for sender in ('pod', 'node', 'outside'):
                if place['address'].startswith('127.') and sender != 'node':
                    continue
                for count in range(CONNECTIONS):
                    yield {**packet, 'id': '%s %s %s %d' % (name, place['place'], sender, count), 'hook': 'OUTPUT' if sender == 'node' else 'PREROUTING',
                           'in': 'cni0' if sender == 'pod' else 'eth0', 'src': source_of(sender, place, side, count), 'sport': 20000 + count}


def run(job, has_ipvs):
    for name in ('engine.py', 'packets.py'):
        shutil.copy(os.path.join(HERE, name), job)
    if not has_ipvs:
        subprocess.run([sys.executable, os.path.join(job, 'engine.py'), os.path.join(job, 'job.json'), os.path.join(job, 'result.json')], check=True)
        return json.loads(read(job, 'result.json'))
    if 'IPVS_VM' not in os.environ:
        raise SystemExit('a capture has virtual services: IPVS_VM names the command that runs a script where the kernel has ip_vs')
    depends = subprocess.run(['apt-cache', 'depends', 'python3-minimal'], stdout=subprocess.PIPE, text=True).stdout
    python = re.search(r'python3\.\d+', depends).group()
    script, out = os.path.join(job, 'run.sh'), os.path.join(job, 'out')
    modules = 'ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_sh tun nfnetlink_log nf_log_syslog'
    open(script, 'w').write('for m in %s; do modprobe $m 2>/dev/null; done\nip link set lo up\n%s engine.py job.json /out/result.json\n' % (modules, python))
    os.mkdir(out)
    more = ['-p', python + '-minimal', '-p', 'lib%s-stdlib' % python, '-M', 'kernel/drivers/net/tun.ko', '-t', '1500', '-m', '2048']
    subprocess.run([os.environ['IPVS_VM'], *more, '-i', job, '-o', out, script], check=True, stdout=subprocess.DEVNULL)
    return json.loads(read(out, 'result.json'))


def senders_of(place, names, seen, sides):
    """What each sender met at a place on both sides, each connection with the source that it was sent from."""
    senders = []
    for sender in ('pod', 'node', 'outside'):
        ids = [['%s %s %s %d' % (name, place['place'], sender, count) for count in range(CONNECTIONS)] for name in names]
        if all(one[0] in seen for one in ids):
            met = [[(seen[i]['events'], judge_modes.told_source(source_of(sender, place, sides[name], count), NODE['6'])) for count, i in enumerate(one) if i in seen] for name, one in zip(names, ids)]
            before, after = [judge_modes.outcome_of(one, place) for one in met]
            senders.append({'from': sender, 'before': before, 'after': after})
    return senders


def besides(place, names, seen, hairpins):
    """What endpoints of the node met that send to themselves, and whether one client stays with its endpoint, on both sides."""
    def events(name, what, count):
        ids = ['%s %s %s %d' % (name, place['place'], what, number) for number in range(count)]
        return [seen[one]['events'] for one in ids if one in seen]
    loops = {endpoint: [judge_modes.loop_of(events(name, endpoint, AGAIN * 4), endpoint) for name in names] for endpoint in hairpins.get(place['place'], [])}
    sticky = [judge_modes.is_sticky(events(name, 'again', AGAIN), place) for name in names] if place['affinity'] else None
    return {'hairpins': loops, 'sticky': sticky}


def main(pairs):
    # Each capture is restored once.
    folders = sorted({folder for pair in pairs for folder in pair})
    refused = [problem for problem in map(lacks, folders) if problem]
    if refused:
        raise SystemExit('\n'.join(refused))
    job = tempfile.mkdtemp(prefix='replay-modes-')
    sides = {'side%d' % index: side_of(folder, 'side%d' % index, job) for index, folder in enumerate(folders)}
    tables = {folder: netdrift('explain', folder) for folder in folders}
    places = places_of(tables.values(), sides.values())
    hairpins = own_endpoints(tables.values(), sides.values())
    probes = list(probes_of(places, sides, hairpins))
    json.dump({'sides': sides, 'probes': probes}, open(os.path.join(job, 'job.json'), 'w'))
    result = run(job, any('ipvs' in side for side in sides.values()))
    for name, folder in zip(sides, folders):
        for error in result['sides'][name]['errors']:
            print('%s: %s' % (folder, error))
    claims = wrong = 0
    for before, after in pairs:
        names = ['side%d' % folders.index(folder) for folder in (before, after)]
        known = {place['place'] for place in places_of([tables[before], tables[after]], [sides[name] for name in names])}
        asked = [{**place, 'senders': senders_of(place, names, result['seen'], sides), **besides(place, names, result['seen'], hairpins)} for place in places if place['place'] in known]
        report = netdrift('diff', before, after)
        found, lines = judge_modes.judge(asked, report['changes'])
        claims += found
        wrong += len(lines)
        text = next((change['text'] for change in report['changes'] if judge_modes.is_mode(change)), 'the mode did not change')
        print('%s -> %s: %s; %d places, %d claims, %d wrong' % (before, after, text, len(asked), found, len(lines)))
        for line in lines[:40]:
            print('  ' + line)
    shutil.rmtree(job)
    print('%d pairs, %d connections, %d claims, %d wrong' % (len(pairs), len(probes), claims, wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    if len(sys.argv) < 2 or sys.argv[1] in ('-h', '--help'):
        raise SystemExit(__doc__)
    pairs = [argument.split(':') for argument in sys.argv[1:]]
    if any(len(pair) != 2 for pair in pairs):
        raise SystemExit('a pair is BEFORE:AFTER, two folders of captures')
    sys.exit(main(pairs))
