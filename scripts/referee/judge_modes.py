"""What connections that were seen on the kernel come to, and what differs between two of them: written anew, without the code that it checks."""

COMPARED = {'kube.frontend.' + kind for kind in ('lost', 'gained', 'endpoints-changed', 'source-changed', 'refusal-changed', 'addresses-changed', 'hairpin-changed')}


def at(address, port):
    return '%s:%d' % ('[%s]' % address if ':' in address else address, port)


def told_source(source, node):
    """The source by which masquerading is told: what the node sends over IPv6 from its own address may get that one again."""
    return None if source == node else source


def loop_of(connections, endpoint):
    """Whether what an endpoint sends to a service and gets back itself is masqueraded; None where none gets back."""
    back = [event['masqueraded'] for events in connections for event in events if event['kind'] == 'packet' and event['dst'] == endpoint]
    return None if not back else any(back)


def is_sticky(connections, place):
    """Whether one client always gets one and the same of several endpoints; None where it gets to none."""
    endpoints = {at(event['dst'], event['dport']) for events in connections for event in events if event['kind'] == 'packet'} - {at(place['address'], place['port'])}
    return None if not endpoints else len(endpoints) == 1


def outcome_of(connections, place):
    """
    The verdict of connections from one sender to one place; where any were translated, how many got to each endpoint, and whether it sees the sender.
    Over IPv4 masquerading gives a source that marks it (engine.py), over IPv6 the kernel chooses one.
    """
    endpoints, verdict, masqueraded = {}, 'dropped', False
    for events, source in connections:
        packet = next((event for event in events if event['kind'] == 'packet'), None)
        if packet is None:
            if verdict == 'dropped' and any(event['kind'] in ('icmp', 'rst') for event in events):
                verdict = 'refused'
        elif (packet['dst'], packet.get('dport')) == (place['address'], place['port']):
            verdict = 'delivered' if verdict == 'delivered' else 'passed'
        else:
            endpoint = at(packet['dst'], packet['dport'])
            endpoints[endpoint] = endpoints.get(endpoint, 0) + 1
            masqueraded = None if source is None else masqueraded or packet['masqueraded'] or packet['src'] != source
            verdict = 'delivered'
    return {'verdict': verdict, 'endpoints': endpoints, 'masqueraded': masqueraded, 'total': len(connections)}


def is_node_port(place):
    return place['nodePort'] and not place['address'].startswith('127.')


def port_of(place):
    return '%s %s %d' % (place['protocol'], 'ipv6' if ':' in place['address'] else 'ipv4', place['port'])


def is_lost(place, sender, places):
    """A node port that answers at another address of the node is not lost."""
    if sender['before']['verdict'] != 'delivered' or sender['after']['verdict'] == 'delivered':
        return False
    if not is_node_port(place) or sender['after']['verdict'] != 'passed':
        return True
    others = [other for other in places if is_node_port(other) and port_of(other) == port_of(place)]
    return not any(one['from'] == sender['from'] and one['after']['verdict'] == 'delivered' for other in others for one in other['senders'])


def survivors(places):
    """Service ports, frontends and endpoints that were served before, and whether each still is."""
    services, frontends, endpoints = {}, {}, {}
    for place in places:
        for sender in place['senders']:
            for endpoint in sender['before']['endpoints']:
                endpoints.setdefault((place['service'], endpoint), False)
            if sender['before']['verdict'] == 'delivered':
                kept = not is_lost(place, sender, places)
                key = (port_of(place) if is_node_port(place) else place['place'], sender['from'])
                frontends[key] = frontends.get(key, True) and kept
                services[place['service']] = services.get(place['service'], True) and kept
    for place in places:
        for sender in place['senders']:
            for endpoint in sender['after']['endpoints']:
                if (place['service'], endpoint) in endpoints:
                    endpoints[(place['service'], endpoint)] = True
    return {'servicePorts': services, 'frontends': frontends, 'endpoints': endpoints}


def have_other_shares(before, after):
    """Other endpoints, or shares that differ by more than chance does (4.5 standard deviations)."""
    for endpoint in {**before['endpoints'], **after['endpoints']}:
        one, other = [side['endpoints'].get(endpoint, 0) / side['total'] for side in (before, after)]
        p = (one + other) / 2
        if (one == 0) != (other == 0) or abs(one - other) > 4.5 * (2 * p * (1 - p) / before['total']) ** 0.5:
            return True
    return False


def differences(places):
    """Every difference, as (id, place)."""
    found = set()
    answers = {side: {port_of(p) for p in places if is_node_port(p) and any(s[side]['verdict'] != 'passed' for s in p['senders'])} for side in ('before', 'after')}
    for place in places:
        loops = [loop for loop in place['hairpins'].values() if None not in loop and loop[0] != loop[1]]
        found |= {('kube.frontend.hairpin-changed', place['place'])} if loops else set()
        silent = {side: all(sender[side]['verdict'] == 'passed' for sender in place['senders']) for side in ('before', 'after')}
        lost = any(is_lost(place, sender, places) for sender in place['senders'])
        if is_node_port(place) and not lost and silent['before'] != silent['after'] and port_of(place) in answers['before'] & answers['after']:
            found.add(('kube.frontend.addresses-changed', place['place']))
            continue
        for sender in place['senders']:
            before, after = sender['before'], sender['after']
            kinds = []
            if is_lost(place, sender, places):
                kinds = ['lost']
            elif before['verdict'] == after['verdict'] == 'delivered':
                # One client alone is kept at the endpoint that chance gave it.
                by_chance = place['affinity'] and sender['from'] == 'node'
                kinds = ['endpoints-changed'] * (not by_chance and have_other_shares(before, after)) + ['source-changed'] * (None not in (before['masqueraded'], after['masqueraded']) and before['masqueraded'] != after['masqueraded'])
            elif before['verdict'] != 'delivered' and before['verdict'] != after['verdict']:
                kinds = ['gained' if after['verdict'] == 'delivered' else 'refusal-changed']
            found |= {('kube.frontend.' + kind, place['place']) for kind in kinds}
    return found


def is_mode(change):
    return change['id'] in ('kube.mode.changed', 'kube.mode.fallback', 'kube.mode.recovered')


def judge(places, changes):
    """How many claims there are, and in what netdrift and the kernel disagree."""
    wrong = []
    mode = next((change for change in changes if is_mode(change)), None)
    kernel = survivors(places)
    for key, counted in kernel.items():
        is_so = [len(counted), sum(counted.values())]
        said = None if mode is None else [mode['before'][key], mode['after'][key]]
        if said != is_so and mode is not None:
            wrong.append('%s: the kernel %d of %d, netdrift %s' % (key, is_so[1], is_so[0], said))
    found = differences(places)
    told = {(change['id'], place) for change in changes if change['id'] in COMPARED for place in change['subject'].get('frontends', [])}
    # Where the script cannot tell, neither is asked.
    untold = {('kube.frontend.source-changed', place['place']) for place in places for sender in place['senders'] if None in (sender['before']['masqueraded'], sender['after']['masqueraded'])}
    told, found = told - untold, found - untold
    wrong += ['the kernel shows, netdrift does not tell: %s %s' % one for one in sorted(found - told)]
    wrong += ['netdrift tells, the kernel does not show: %s %s' % one for one in sorted(told - found)]
    # Every mode keeps one client at its endpoint: where one alone does, that is told.
    sticky = {place['place']: place['sticky'] for place in places if place['sticky'] is not None and None not in place['sticky']}
    said_affinity = {place for change in changes if change['id'] == 'kube.frontend.affinity-changed' for place in change['subject'].get('frontends', [])}
    wrong += ['the kernel keeps one client at its endpoint %s, netdrift tells nothing: %s' % (both, place) for place, both in sorted(sticky.items()) if both[0] != both[1] and place not in said_affinity]
    return (3 if mode else 0) + len(found | told) + len(sticky), wrong
